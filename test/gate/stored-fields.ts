import { grid, gridCell, gridEvent, gridWorker, managedComponent } from '../../connectors/grid/mapping.ts';
import { handoff, ticket } from '../../connectors/hotline/mapping.ts';
import {
  dilapidatedHouse,
  house,
  leaseRegistration,
  maintenanceFund,
  propertyCompany,
} from '../../connectors/housing/mapping.ts';
import {
  abnormalListing,
  administrativePenalty,
  businessLicense,
  consumerComplaint,
  marketEntity,
} from '../../connectors/market/mapping.ts';
import { dispatchRecord, incidentFeedback, involvedParty, policeIncident } from '../../connectors/police/mapping.ts';
import type { FieldMapping } from '../../src/connector/mapping.ts';

/** Where a record type is stored: what a test needs in order to change one value of one record. */
export interface StoredType {
  readonly type: string;
  readonly agency: string;
  readonly table: string;
  /** The schema field that names a record, and the column that holds it. */
  readonly key: string;
  readonly keyColumn: string;
  /** Schema field to the columns that it is read from. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

function stored(
  type: string,
  agency: string,
  table: string,
  key: string,
  mapping: Readonly<Record<string, FieldMapping>>,
): StoredType {
  const fields = new Map(Object.entries(mapping).map(([field, { columns }]) => [field, columns]));
  const keyColumn = fields.get(key)?.[0];
  if (keyColumn === undefined) throw new TypeError(`${type} has no column for ${key}`);
  return { type, agency, table, key, keyColumn, fields };
}

/** Every record type that lies in a table of its own. (Trace and HandoffFinding are computed from tickets and handoffs.) */
export const storedTypes: readonly StoredType[] = [
  stored('Ticket', 'hotline', 'ticket', 'ticketNo', ticket),
  stored('Handoff', 'hotline', 'handoff', 'runId', handoff),
  stored('PoliceIncident', 'police', 'JJD', 'incidentNo', policeIncident),
  stored('DispatchRecord', 'police', 'CJD', 'dispatchNo', dispatchRecord),
  stored('IncidentFeedback', 'police', 'FKD', 'feedbackNo', incidentFeedback),
  stored('InvolvedParty', 'police', 'DSR', 'partyNo', involvedParty),
  stored('Grid', 'grid', 'wg_info', 'gridCode', grid),
  stored('GridCell', 'grid', 'wg_cell', 'cellCode', gridCell),
  stored('ManagedComponent', 'grid', 'wg_part', 'componentCode', managedComponent),
  stored('GridWorker', 'grid', 'wg_member', 'workerNo', gridWorker),
  stored('GridEvent', 'grid', 'wg_event', 'eventNo', gridEvent),
  stored('MarketEntity', 'market', 'E_BASEINFO', 'uscc', marketEntity),
  stored('BusinessLicense', 'market', 'E_LICENCE', 'licenseNo', businessLicense),
  stored('AdministrativePenalty', 'market', 'E_PUNISH', 'decisionNo', administrativePenalty),
  stored('AbnormalListing', 'market', 'E_ABNORMITY', 'listingNo', abnormalListing),
  stored('ConsumerComplaint', 'market', 'C_COMPLAINT', 'complaintNo', consumerComplaint),
  stored('House', 'housing', 'FW_JBXX', 'houseCode', house),
  stored('PropertyCompany', 'housing', 'FW_WYQY', 'uscc', propertyCompany),
  stored('MaintenanceFund', 'housing', 'WXZJ_ZH', 'houseCode', maintenanceFund),
  stored('LeaseRegistration', 'housing', 'ZL_BA', 'leaseNo', leaseRegistration),
  stored('DilapidatedHouse', 'housing', 'FW_WFJD', 'appraisalNo', dilapidatedHouse),
];

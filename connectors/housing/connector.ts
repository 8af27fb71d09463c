import type { MatchKind } from '../../src/connector/connector.ts';
import { defineSqlConnector } from '../../src/connector/sql/sql-connector.ts';
import { dilapidatedHouse, house, leaseRegistration, maintenanceFund, propertyCompany } from './mapping.ts';

const byHouse: readonly MatchKind[] = [
  { matchedBy: 'HOUSE_CODE', confidence: 1, fuzzy: false, parent: 'houseCode', child: 'houseCode', as: 'plain' },
];

export default defineSqlConnector({
  agency: 'housing',
  entities: [
    {
      type: 'House',
      table: 'FW_JBXX',
      key: 'houseCode',
      order: [{ field: 'houseCode', direction: 'ASC' }],
      mapping: house,
    },
    {
      type: 'PropertyCompany',
      table: 'FW_WYQY',
      key: 'uscc',
      order: [{ field: 'uscc', direction: 'ASC' }],
      mapping: propertyCompany,
    },
    {
      type: 'MaintenanceFund',
      table: 'WXZJ_ZH',
      key: 'houseCode',
      order: [{ field: 'houseCode', direction: 'ASC' }],
      mapping: maintenanceFund,
    },
    {
      type: 'LeaseRegistration',
      table: 'ZL_BA',
      key: 'leaseNo',
      order: [{ field: 'leaseNo', direction: 'ASC' }],
      mapping: leaseRegistration,
    },
    {
      type: 'DilapidatedHouse',
      table: 'FW_WFJD',
      key: 'appraisalNo',
      order: [{ field: 'appraisalNo', direction: 'ASC' }],
      mapping: dilapidatedHouse,
    },
  ],
  relations: [
    {
      on: 'Ticket',
      field: 'houses',
      to: 'House',
      shape: { kind: 'matches', wrapper: 'HouseMatch', node: 'house', max: 50 },
      by: [
        ...byHouse,
        {
          matchedBy: 'STANDARD_ADDRESS',
          confidence: 0.6,
          fuzzy: true,
          parent: 'standardAddress',
          child: 'standardAddress',
          as: 'plain',
        },
      ],
    },
    {
      on: 'House',
      field: 'propertyCompany',
      to: 'PropertyCompany',
      shape: { kind: 'one' },
      by: [{ matchedBy: 'USCC', confidence: 1, fuzzy: false, parent: 'companyUscc', child: 'uscc', as: 'plain' }],
    },
    { on: 'House', field: 'maintenanceFund', to: 'MaintenanceFund', shape: { kind: 'one' }, by: byHouse },
    { on: 'House', field: 'leases', to: 'LeaseRegistration', shape: { kind: 'list', max: 50 }, by: byHouse },
    { on: 'House', field: 'dilapidation', to: 'DilapidatedHouse', shape: { kind: 'one' }, by: byHouse },
  ],
  roots: [{ kind: 'lookup', field: 'house', type: 'House', argument: 'houseCode', binding: 'ticket' }],
  cases: [],
});

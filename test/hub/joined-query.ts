import type { Asker } from '../kit/running-hub.ts';
import { askers } from './askers.ts';

/** What is known of one ticket in all five systems. */
export const joinedQuery = `
  query SharedContext($ticketNo: ID!) {
    ticket(ticketNo: $ticketNo) {
      ticketNo type title content status leadAgency coAgencies receivedAt dueAt
      address longitude latitude
      reporterName reporterPhone reporterIdNumber confidential result
      policeIncidents {
        matchedBy confidence
        incident {
          incidentNo callTime callerName callerPhone callAddress incidentAddress narrative jurisdictionStation nonPolice confidential
          dispatches { dispatchNo unit crew }
          involvedParties { partyNo name }
          divertedTicket { ticketNo status }
        }
      }
      grid {
        matchedBy confidence
        grid {
          gridCode name households
          workers { workerNo name phone onDuty }
          events(first: 2) { totalCount nodes { eventNo status reporterName reporterPhone description linkedTicketNo } }
        }
      }
      marketEntities {
        matchedBy confidence
        entity {
          uscc name status legalRepresentative contactPhone address
          licenses { licenseNo validTo }
          penalties { decisionNo kind amount decidedOn }
          abnormalListings { listingNo reason removedOn }
          complaints { complaintNo complainantName complainantPhone content result }
        }
      }
      houses {
        matchedBy confidence
        house {
          houseCode estate room address dangerGrade ownerName ownerIdNumber
          propertyCompany { uscc name contactName contactPhone }
          maintenanceFund { houseCode account balance updatedOn }
          leases { leaseNo lessorName lesseeName lesseePhone monthlyRent termFrom termTo }
          dilapidation { appraisalNo dangerGrade measure }
        }
      }
      handoffs { runId kind from to at by reason }
      trace { returnCount heldBy hops { agency kind since until heldForSeconds } circles { agency firstAt againAt through } }
      access { field status rule }
    }
  }`;

/** Those whose whole answers lie under `answers/`. */
export const callers: readonly (readonly [file: string, asker: Asker])[] = [
  ['police-system', askers.police],
  ['grid-worker', askers.grid],
  ['housing-handler', askers.housing],
  ['auditor', askers.audit],
];

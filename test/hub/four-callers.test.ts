import { format } from 'prettier';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { askers } from './askers.ts';

/*
 * One query, four callers, four whole answers. The files under `answers/` are to be read by a person beside the
 * connectors' sharing.yaml: a line that changes there is a change of what an agency gives away.
 */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

const joinedQuery = `
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

/**
 * The answer for a snapshot: the policy's version (it changes with each edit of a policy) by name, and pseudonyms (their
 * secret is made with each data folder) numbered as they appear, so that one person still shows as one.
 */
async function reviewable(text: string): Promise<string> {
  const numbers = new Map<string, number>();
  const plain = text
    .replaceAll(hub.hub.sources.policy.version, 'POLICY_VERSION')
    .replaceAll(/人员-[A-Z2-7]{10}/g, (one) => `人员-${numbers.get(one) ?? numbers.set(one, numbers.size + 1).size}`);
  const { data, errors, extensions } = JSON.parse(plain) as Record<'data' | 'errors' | 'extensions', unknown>;
  return format(JSON.stringify({ data, errors, extensions }), { parser: 'json', printWidth: 120 });
}

const callers: readonly (readonly [file: string, asker: Asker])[] = [
  ['police-system', askers.police],
  ['grid-worker', askers.grid],
  ['housing-handler', askers.housing],
  ['auditor', askers.audit],
];

test.each(callers)('the showcase ticket as it is for the %s', async (file, asker) => {
  const answer = await hub.ask(asker, joinedQuery, { ticketNo: showcase.ticketNo });
  expect(answer.status).toBe(200);
  await expect(await reviewable(answer.text)).toMatchFileSnapshot(`answers/${file}.json`);
});

test('the same question gives the same bytes, asked alone or side by side', async () => {
  const ask = (asker: Asker) => hub.ask(asker, joinedQuery, { ticketNo: showcase.ticketNo });
  const alone: string[] = [];
  for (const [, asker] of callers) alone.push((await ask(asker)).text);
  const together = await Promise.all([...callers, ...callers].map(([, asker]) => ask(asker)));
  expect(together.map((a) => a.text)).toEqual([...alone, ...alone]);
});

import type { Principal, Purpose } from '../src/identity/principal.ts';
import type { HubRequest } from '../src/hub/hub-request.ts';

/** What all operations are asked for. */
export const purpose: Purpose = 'HANDLING';

/**
 * An operator of the hotline for the whole city: what is asked below comes plainly, so both ways give the same bytes. Frozen,
 * as a verified token's principal is.
 */
const operator: Principal = Object.freeze({
  subject: 'bench',
  issuer: 'bench',
  tokenId: 'bench',
  agency: 'hotline',
  role: 'OPERATOR',
  unit: null,
  operator: null,
  areas: ['350100'],
  grids: [],
  purposes: [purpose],
  expiresAt: Number.MAX_SAFE_INTEGER,
});

export interface Operation {
  readonly name: string;
  readonly what: string;
  /** Tickets of one answer. */
  readonly size: number;
  readonly query: string;
}

const context = `policeIncidents { matchedBy incident { incidentNo categoryPath state callTime } }
  grid { matchedBy grid { gridCode name workers { workerNo name onDuty } } }
  marketEntities { matchedBy entity { uscc name status penalties { decisionNo kind amount } } }
  houses { matchedBy house { houseCode estate building builtYear } }`;

// Of a report (举报) only number, status and times show, so the pages are of the other types.
const page = (first: number, fields: string): string => `query Page($before: DateTime!) {
  tickets(first: ${first}, filter: { type: [CONSULTATION, HELP_REQUEST, COMPLAINT, SUGGESTION, COMMENDATION], receivedBefore: $before }) {
    nodes { ${fields} }
  }
}`;

export const operations: readonly Operation[] = [
  {
    name: 'A',
    size: 20,
    what: '20 tickets with incidents, grid and workers, enterprises and penalties, houses',
    query: page(20, `ticketNo status urgency receivedAt leadAgency ${context}`),
  },
  {
    name: 'B',
    size: 1,
    what: 'one ticket with the same',
    query: `query One($no: ID!) { ticket(ticketNo: $no) { ticketNo status urgency receivedAt leadAgency ${context} } }`,
  },
  {
    name: 'C',
    size: 50,
    what: '50 flat tickets',
    query: page(50, 'ticketNo status type categoryPath receivedAt urgency'),
  },
];

export function requestOf(query: string, variables: HubRequest['variables']): HubRequest {
  return {
    principal: operator,
    query,
    operationName: null,
    variables,
    purpose,
    ticket: null,
    reason: null,
    mayChange: false,
  };
}

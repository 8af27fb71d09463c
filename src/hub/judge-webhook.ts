import { eventBasis, mayBeTold } from '../events/event-basis.ts';
import type { Receiver } from '../events/tellable.ts';
import type { TicketEvent } from '../events/ticket-event.ts';
import type { Judgement } from '../events/webhooks/courier.ts';
import type { WebhookSettings } from '../events/webhooks/webhook-settings.ts';
import type { Principal } from '../identity/principal.ts';
import type { Engine, HubAnswer } from './engine.ts';

/** Seconds for which the hub stands for an agency's system: one judgement. */
const lifeSeconds = 60;

/**
 * Whether an endpoint may be told of an event: judged, and written into the ledger, like a request of its agency's SYSTEM for
 * what the event tells of its ticket.
 */
export function judgeFor(
  webhook: WebhookSettings,
  engine: Engine,
  isTellable: (event: TicketEvent, receiver: Receiver) => Promise<boolean>,
  now: () => number,
): (event: TicketEvent) => Promise<Judgement> {
  return async (event) => {
    const at = now();
    const principal = systemOf(webhook, event, at);
    const { purpose } = webhook;
    if (!(await isTellable(event, { principal, purpose, at }))) return 'KEEP';
    const answer = await engine.answer({
      principal,
      query: `query Webhook($ticketNo: ID!) { event: ${eventBasis(event.kind).root} }`,
      operationName: null,
      variables: { ticketNo: event.ticketNo },
      purpose,
      ticket: null,
      reason: null,
      mayChange: false,
    });
    return judgementOf(event, answer);
  };
}

function judgementOf(event: TicketEvent, answer: HubAnswer): Judgement {
  switch (answer.kind) {
    case 'refused':
      return 'LATER';
    case 'result': {
      const { data, errors = [] } = answer.result;
      if (mayBeTold(event, data?.['event'])) return 'TELL';
      return errors.some(({ extensions }) => extensions['code'] === 'SOURCE_UNAVAILABLE') ? 'LATER' : 'KEEP';
    }
  }
}

function systemOf({ name, agency, unit, areas, purpose }: WebhookSettings, event: TicketEvent, at: number): Principal {
  return {
    subject: `webhook:${name}`,
    issuer: 'lianqiao:webhooks',
    tokenId: event.eventId,
    agency,
    role: 'SYSTEM',
    unit: unit ?? null,
    operator: null,
    areas,
    grids: [],
    purposes: [purpose],
    expiresAt: Math.floor(at / 1_000) + lifeSeconds,
  };
}

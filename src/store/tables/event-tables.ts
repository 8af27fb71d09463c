import { keyLength, type ColumnTypes } from '../column-types.ts';
import { onlyAddedTo } from '../only-added-to.ts';

const webhookName = 64;

/**
 * The outbox of events, in the same transaction as what they tell of, and how far each webhook is with it. `ticket_event` is
 * only ever added to; who writes to it holds the one row of `event_order` until its transaction ends, so that `seq` rises in
 * the order in which events come to be seen. `due_warning` holds for which due times a ticket was told of. `webhook` holds
 * how far an endpoint's events were taken out of the outbox, and which instance delivers to it until when (epoch
 * milliseconds of the database); `webhook_delivery` what it has yet to get.
 */
export function eventTables(types: ColumnTypes): readonly string[] {
  const { client, key, time, whole, serial, end, lean } = types;
  const { ticketNo, runId, agency, code } = keyLength;
  const milliseconds = client === 'sqlite' ? 'INTEGER' : 'BIGINT';
  return [
    `CREATE TABLE IF NOT EXISTS ticket_event (
  seq ${serial}, event_id ${key(36)} NOT NULL UNIQUE, kind ${key(code)} NOT NULL, ticket_no ${key(ticketNo)} NOT NULL,
  agency ${key(agency)}, run_id ${key(runId)}, at ${time} NOT NULL
) ${end}`,
    `CREATE TABLE IF NOT EXISTS due_warning (
  ticket_no ${key(ticketNo)} NOT NULL, due_at ${time} NOT NULL,
  PRIMARY KEY (ticket_no, due_at)
) ${lean}`,
    `CREATE TABLE IF NOT EXISTS event_order (id ${whole} NOT NULL PRIMARY KEY) ${lean}`,
    `CREATE TABLE IF NOT EXISTS webhook (
  name ${key(webhookName)} NOT NULL PRIMARY KEY, position ${whole} NOT NULL,
  lease_owner ${key(36)}, lease_until ${milliseconds} NOT NULL
) ${lean}`,
    `CREATE TABLE IF NOT EXISTS webhook_delivery (
  webhook ${key(webhookName)} NOT NULL, seq ${whole} NOT NULL, ticket_no ${key(ticketNo)} NOT NULL,
  state ${key(code)} NOT NULL, tries ${whole} NOT NULL, next_at ${milliseconds} NOT NULL, failure ${key(code)},
  PRIMARY KEY (webhook, seq), UNIQUE (webhook, state, next_at, seq), UNIQUE (webhook, ticket_no, seq)
) ${lean}`,
    ...onlyAddedTo(client, {
      ticket_event: 'event_id = NEW.event_id OR seq = NEW.seq',
      due_warning: 'ticket_no = NEW.ticket_no AND due_at = NEW.due_at',
    }),
  ];
}

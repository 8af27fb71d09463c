import type { SourceRecord } from '../../connector/connector.ts';
import type { TicketSight } from '../ticket-sight.ts';
import type { Pusher } from './held-handoffs.ts';
import type { PushFile } from './push-file.ts';

/** Who pushes into what, and when. */
export interface PushDesk {
  readonly file: PushFile;
  readonly pusher: Pusher;
  readonly sight: TicketSight;
  /** What the policy in force says to another pusher. */
  readonly sightOf: (pusher: Pusher) => TicketSight;
  /** RFC 3339 in +08:00. */
  readonly at: string;
}

/** Whether the policy lets the pusher see the ticket; one whose place is not known yet is nobody else's. */
export function isWithin({ sight }: Pick<PushDesk, 'sight'>, record: SourceRecord): boolean {
  return record['divisionCode'] === null || sight.sees({ record });
}

import { isCityOrMore } from '../../codes/division.ts';
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

/**
 * Whether the policy lets the pusher see the ticket. One whose place is not known may lie anywhere: it is for a pusher who has
 * the whole city. By who pushed it first it could not go, since then the order of arrival would tell.
 */
export function isWithin({ sight, pusher }: Pick<PushDesk, 'sight' | 'pusher'>, record: SourceRecord): boolean {
  if (record['divisionCode'] !== null) return sight.sees({ record });
  return pusher.areas.filter(isCityOrMore).some((area) => sight.sees({ record: { ...record, divisionCode: area } }));
}

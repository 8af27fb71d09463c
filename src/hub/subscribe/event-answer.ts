import { GraphQLError, type ExecutionResult } from 'graphql';
import { mayBeTold } from '../../events/event-basis.ts';
import type { TicketEvent } from '../../events/ticket-event.ts';
import { basisRoot, type EventDocument, type EventSlot } from './event-document.ts';

/** The answer of the event's query as the answer of the subscription; null where its caller may not be told. */
export function eventAnswer(
  document: EventDocument,
  event: TicketEvent,
  { data, errors, extensions }: ExecutionResult,
): ExecutionResult | null {
  if (!mayBeTold(event, data?.[basisRoot])) return null;
  const shown = (errors ?? []).flatMap((error) => placed(document, error));
  const value = Object.fromEntries(document.slots.map((slot) => [slot.responseKey, valueOf(slot, event, data ?? {})]));
  return {
    ...(shown.length === 0 ? {} : { errors: shown }),
    data: { [document.responseKey]: value },
    ...(extensions === undefined ? {} : { extensions: { ...extensions, access: accessOf(document, extensions) } }),
  };
}

function valueOf(slot: EventSlot, event: TicketEvent, data: Readonly<Record<string, unknown>>): unknown {
  if (slot.kind === 'ticket') return data[slot.root] ?? null;
  switch (slot.field) {
    case 'eventId':
      return event.eventId;
    case 'kind':
      return event.kind;
    case 'ticketNo':
      return event.ticketNo;
    case 'at':
      return event.at;
    case '__typename':
      return 'TicketEvent';
    default:
      throw new TypeError(`an event has no field ${slot.field}`);
  }
}

/** The error at its place in the subscription's answer; none for the query's own root, which the caller did not ask for. */
function placed(document: EventDocument, error: GraphQLError): GraphQLError[] {
  const { message, path, extensions } = error;
  const [root, ...rest] = path ?? [];
  if (root === basisRoot) return [];
  const { pathPattern } = extensions;
  if (typeof pathPattern === 'string' && rootOf(pathPattern) === basisRoot) return [];
  const moved = typeof pathPattern === 'string' ? { pathPattern: patternOf(document, pathPattern) } : {};
  const key = root === undefined ? null : slotKey(document, String(root));
  return [
    new GraphQLError(message, {
      extensions: { ...extensions, ...moved },
      ...(key === null ? {} : { path: [document.responseKey, key, ...rest] }),
    }),
  ];
}

interface Noted {
  readonly pathPattern: string;
}

/** `extensions.access` with the places of the subscription's answer. */
function accessOf(document: EventDocument, { access }: Readonly<Record<string, unknown>>): unknown {
  if (typeof access !== 'object' || access === null) return access;
  return Object.fromEntries(
    Object.entries(access).map(([name, noted]) => [
      name,
      Array.isArray(noted) ? noted.flatMap((one: unknown) => notedAt(document, one)) : noted,
    ]),
  );
}

function notedAt(document: EventDocument, one: unknown): unknown[] {
  const { pathPattern } = one as Partial<Noted>;
  // What came stale is told by record type, not by place.
  if (pathPattern === undefined) return [one];
  if (rootOf(pathPattern) === basisRoot) return [];
  return [{ ...(one as Noted), pathPattern: patternOf(document, pathPattern) }];
}

function rootOf(pathPattern: string): string {
  return pathPattern.split('.', 1)[0] ?? '';
}

function patternOf(document: EventDocument, pathPattern: string): string {
  const [root = '', ...rest] = pathPattern.split('.');
  return [document.responseKey, slotKey(document, root) ?? root, ...rest].join('.');
}

function slotKey({ slots }: EventDocument, root: string): string | null {
  return slots.find((slot) => slot.kind === 'ticket' && slot.root === root)?.responseKey ?? null;
}

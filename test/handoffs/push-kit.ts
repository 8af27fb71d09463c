import Database from 'better-sqlite3';
import { join } from 'node:path';
import type { Answer, Asker, RunningHub } from '../kit/running-hub.ts';
import { one, value } from './handoff-kit.ts';

export const pusher: Asker = one('hotline', 'SYSTEM', 'DISPATCH');

export interface Outcome {
  readonly index: number;
  readonly ticketNo: string | null;
  readonly outcome: string;
  readonly runId?: string | null;
  readonly held?: boolean;
  readonly problems: readonly { readonly code: string; readonly field: string | null; readonly reason: string }[];
}

export interface Pushed {
  readonly counts: Readonly<Record<string, number>>;
  readonly outcomes: readonly Outcome[];
}

const common =
  'counts { inserted updated unchanged conflicts rejected } outcomes { index ticketNo outcome problems { code field reason }';
export const pushTicketsText = `mutation P($input: PushTicketsInput!) { pushTickets(input: $input) { ${common} } } }`;
export const pushHandoffsText = `mutation P($input: PushHandoffsInput!) { pushHandoffs(input: $input) { ${common} runId held } } }`;

let batches = 0;
/** A name that no other batch has. */
export const newKey = (): string => `batch-${(batches += 1)}`;

export function sendTickets(hub: RunningHub, tickets: readonly object[], key = newKey(), as = pusher): Promise<Answer> {
  return hub.ask(as, pushTicketsText, { input: { idempotencyKey: key, tickets } });
}

export function sendHandoffs(
  hub: RunningHub,
  handoffs: readonly object[],
  key = newKey(),
  as = pusher,
): Promise<Answer> {
  return hub.ask(as, pushHandoffsText, { input: { idempotencyKey: key, handoffs } });
}

export const pushTickets = async (hub: RunningHub, ...tickets: object[]): Promise<Pushed> =>
  value(await sendTickets(hub, tickets)) as Pushed;

export const pushHandoffs = async (hub: RunningHub, ...handoffs: object[]): Promise<Pushed> =>
  value(await sendHandoffs(hub, handoffs)) as Pushed;

/** Each outcome with the codes of its problems, each with its field: `CONFLICT LATE`, `REJECTED BAD_VALUE:type`. */
export function told({ outcomes }: Pushed): string[] {
  return outcomes.map(({ outcome, problems }) =>
    [outcome, ...problems.map(({ code, field }) => (field === null ? code : `${code}:${field}`))].join(' '),
  );
}

export function ticket(no: string, version: number, more: object = {}): object {
  return {
    ticketNo: `12345:${no}`,
    sourceAt: '2026-11-16T08:30:00+08:00',
    sourceVersion: version,
    receivedAt: '2026-11-16T08:30:00+08:00',
    type: 'COMPLAINT',
    divisionCode: '350102001003',
    ...more,
  };
}

export function handoff(no: string, runId: string, at: string, more: object = {}): object {
  return { ticketNo: `12345:${no}`, runId, at: `2026-11-16T${at}+08:00`, kind: 'DISPATCH', from: 'hotline', ...more };
}

/** Rows of the ticket store. */
export function rows(dataDir: string, sql: string, ...values: readonly string[]): unknown[] {
  const db = new Database(join(dataDir, 'hotline.db'), { readonly: true });
  try {
    return db.prepare(sql).all(...values);
  } finally {
    db.close();
  }
}

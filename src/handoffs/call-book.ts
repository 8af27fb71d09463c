import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { Principal } from '../identity/principal.ts';

/** A call's own name, and what it holds. */
export interface CallKey {
  readonly principal: Principal;
  readonly idempotencyKey: string;
  readonly digest: string;
}

/** The calls that changed something, so that a repeated one changes nothing again. */
export interface CallBook {
  /** What this caller's call of this name was answered; null where there was none. */
  recall(key: CallKey): { readonly digest: string; readonly answer: unknown } | null;
  /** `about` is what the table's own column holds: the call's run, or its time. */
  keep(key: CallKey, about: string, answer: unknown): void;
}

const callRow = z.object({ digest: z.string(), answer: z.string() });

/** The calls that are kept in this table. */
export function openCallBook(
  db: Database.Database,
  [table, column]: readonly ['ticket_call', 'run_id'] | readonly ['push_call', 'at'],
): CallBook {
  const find = db.prepare(
    `SELECT digest, answer FROM ${table} WHERE agency = ? AND issuer = ? AND subject = ? AND idempotency_key = ?`,
  );
  const put = db.prepare(
    `INSERT INTO ${table} (agency, issuer, subject, idempotency_key, digest, ${column}, answer) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const keyOf = ({ principal: { agency, issuer, subject }, idempotencyKey }: CallKey): string[] => [
    agency,
    issuer,
    subject,
    idempotencyKey,
  ];
  return {
    recall(key) {
      const row: unknown = find.get(...keyOf(key));
      if (row === undefined) return null;
      const { digest, answer } = callRow.parse(row);
      return { digest, answer: JSON.parse(answer) as unknown };
    },
    keep: (key, about, answer) => void put.run(...keyOf(key), key.digest, about, JSON.stringify(answer)),
  };
}

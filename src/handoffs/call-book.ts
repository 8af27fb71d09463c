import type { Knex } from 'knex';
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
  recall(key: CallKey): Promise<{ readonly digest: string; readonly answer: unknown } | null>;
  /** `about` is what the table's own column holds: the call's run, or its time. */
  keep(key: CallKey, about: string, answer: unknown): Promise<void>;
}

const callRow = z.object({ digest: z.string(), answer: z.string() });

/** The calls that are kept in this table. */
export function callBook(
  trx: Knex,
  [table, column]: readonly ['ticket_call', 'run_id'] | readonly ['push_call', 'at'],
): CallBook {
  const keyOf = ({ principal: { agency, issuer, subject }, idempotencyKey }: CallKey) => ({
    agency,
    issuer,
    subject,
    idempotency_key: idempotencyKey,
  });
  return {
    async recall(key) {
      const row: unknown = await trx(table).where(keyOf(key)).first('digest', 'answer');
      if (row === undefined) return null;
      const { digest, answer } = callRow.parse(row);
      return { digest, answer: JSON.parse(answer) as unknown };
    },
    async keep(key, about, answer) {
      await trx(table).insert({ ...keyOf(key), digest: key.digest, [column]: about, answer: JSON.stringify(answer) });
    },
  };
}

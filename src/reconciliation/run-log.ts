import { z } from 'zod';
import type { TicketDatabase } from '../store/ticket-database.ts';

/** How far a reconciliation has come. */
export interface Run {
  readonly runNo: number;
  /** Tickets received before this time are done; null: none yet. */
  readonly after: string | null;
  readonly compared: number;
  readonly found: number;
  readonly settled: number;
}

/** The runs that began, in the database of the tickets: one that was broken off is gone on with. */
export interface RunLog {
  /** Of the runs over this scope the last one that has not ended. */
  unfinished(since: string | null, purpose: string): Promise<Run | null>;
  begin(since: string | null, purpose: string, at: string): Promise<Run>;
  advance(run: Run): Promise<void>;
  end(runNo: number, at: string): Promise<void>;
  /** When the last run began; null where none ever did. */
  lastBegan(): Promise<string | null>;
}

const table = 'reconciliation_run';

export function openRunLog(database: Pick<TicketDatabase, 'db' | 'transaction'>): RunLog {
  return {
    async unfinished(since, purpose) {
      const row: unknown = await database
        .db(table)
        .where({ since, purpose, ended_at: null })
        .orderBy('run_no', 'desc')
        .first();
      return row === undefined ? null : runRow.parse(row);
    },
    begin: (since, purpose, at) =>
      database.transaction(async (trx) => {
        const none = { compared: 0, found: 0, settled: 0 };
        const ids: unknown = await trx(table).insert({ since, purpose, started_at: at, ...none });
        const [runNo] = z.tuple([z.number()]).parse(ids);
        return { runNo, after: null, ...none };
      }),
    async advance({ runNo, ...so }) {
      await database.transaction((trx) => trx(table).where('run_no', runNo).update(so));
    },
    async end(runNo, at) {
      await database.transaction((trx) => trx(table).where('run_no', runNo).update({ ended_at: at }));
    },
    async lastBegan() {
      const row: unknown = await database.db(table).max({ at: 'started_at' }).first();
      return z.object({ at: z.string().nullable() }).parse(row).at;
    },
  };
}

const runRow = z
  .object({
    run_no: z.number(),
    after: z.string().nullable(),
    compared: z.number(),
    found: z.number(),
    settled: z.number(),
  })
  .transform(({ run_no: runNo, ...rest }) => ({ runNo, ...rest }));

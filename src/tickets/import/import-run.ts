import type { Knex } from 'knex';
import { z } from 'zod';
import { formatDateTime } from '../../codes/date-time.ts';
import { chunks, portions } from '../../store/insert-rows.ts';
import type { UpsertCounts } from '../ticket-store.ts';
import type { RejectCode } from './reject.ts';

/** How far a run is. All rows up to `lastRow` are accounted for: it is the sum of the counts. */
export interface RunState extends UpsertCounts {
  readonly lastRow: number;
  readonly rejects: Readonly<Partial<Record<RejectCode, number>>>;
  readonly rejectsFile: string;
  readonly rejectsBytes: number;
  /** Whether the keys of the whole file are known (needed when the last row of a key wins). */
  readonly scanned: boolean;
  readonly finished: boolean;
}

/** A run is known by what it reads and how: the SHA-256 of the file and of the mapping. */
export interface RunKey {
  readonly file: string;
  readonly mapping: string;
}

const runRow = z.object({
  last_row: z.number(),
  inserted: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  rejects: z.string().transform((text) => JSON.parse(text) as RunState['rejects']),
  rejects_file: z.string(),
  rejects_bytes: z.number(),
  scanned: z.number(),
  finished_at: z.string().nullable(),
});
const idRow = z.object({ id: z.number() }).optional();

/**
 * The progress of one import, kept in the ticket store so that it commits together with the tickets. Each method runs on the
 * connection that it is given: the transaction's, or any.
 */
export class ImportRun {
  readonly #id: number;

  private constructor(id: number) {
    this.#id = id;
  }

  /** The run of this file and mapping, if it was begun before. */
  static async find(db: Knex, { file, mapping }: RunKey): Promise<ImportRun | undefined> {
    const row: unknown = await db('import_run').where({ file_sha256: file, mapping_sha256: mapping }).first('id');
    const known = idRow.parse(row);
    return known === undefined ? undefined : new ImportRun(known.id);
  }

  static async begin(db: Knex, { file, mapping }: RunKey, rejectsFile: string): Promise<ImportRun> {
    const ids = await db('import_run').insert({
      file_sha256: file,
      mapping_sha256: mapping,
      rejects_file: rejectsFile,
      started_at: formatDateTime(Date.now()),
    });
    return new ImportRun(z.tuple([z.coerce.number()]).parse(ids)[0]);
  }

  /** Whether an unfinished run other than this file's writes its rejects there. */
  static async isRejectsFileTaken(db: Knex, { file, mapping }: RunKey, rejectsFile: string): Promise<boolean> {
    const taken: unknown = await db('import_run')
      .where('rejects_file', rejectsFile)
      .where('rejects_bytes', '>', 0)
      .whereNull('finished_at')
      .where((other) => void other.whereNot('file_sha256', file).orWhereNot('mapping_sha256', mapping))
      .first('id');
    return taken !== undefined;
  }

  /** Forgets the run; the tickets stay. */
  async forget(trx: Knex): Promise<void> {
    await this.#dropKeys(trx);
    await trx('import_run').where('id', this.#id).delete();
  }

  async state(db: Knex): Promise<RunState> {
    const row: unknown = await db('import_run').where('id', this.#id).first();
    if (row === undefined) throw new Error('An import run vanished from the store');
    const { inserted, updated, unchanged, rejects, ...more } = runRow.parse(row);
    return {
      inserted,
      updated,
      unchanged,
      rejects,
      lastRow: more.last_row,
      rejectsFile: more.rejects_file,
      rejectsBytes: more.rejects_bytes,
      scanned: more.scanned === 1,
      finished: more.finished_at !== null,
    };
  }

  /** Notes which row has each key, where no earlier row has it. The rows that the keys now belong to. */
  async claimKeys(trx: Knex, rows: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>> {
    for (const some of portions(this.#keys(rows)))
      await trx('import_run_key').insert(some).onConflict(['run_id', 'source_no']).ignore();
    return this.rowsOfKeys(trx, rows.keys());
  }

  /** Notes which row has each key, in the place of earlier rows. */
  async scanKeys(trx: Knex, rows: ReadonlyMap<string, number>): Promise<void> {
    for (const some of portions(this.#keys(rows)))
      await trx('import_run_key').insert(some).onConflict(['run_id', 'source_no']).merge(['row']);
  }

  /** The rows that these keys belong to. */
  async rowsOfKeys(db: Knex, sourceNos: Iterable<string>): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for (const some of chunks(sourceNos)) {
      const rows = await db('import_run_key')
        .where('run_id', this.#id)
        .whereIn('source_no', some)
        .select<{ source_no: string; row: number }[]>('source_no', 'row');
      for (const { source_no: sourceNo, row } of rows) found.set(sourceNo, row);
    }
    return found;
  }

  /** Forgets keys of a scan that did not come to its end. */
  restartScan(db: Knex): Promise<void> {
    return this.#dropKeys(db);
  }

  async finishScan(db: Knex): Promise<void> {
    await db('import_run').where('id', this.#id).update({ scanned: 1 });
  }

  async save(trx: Knex, state: RunState): Promise<void> {
    const { inserted, updated, unchanged } = state;
    await trx('import_run')
      .where('id', this.#id)
      .update({
        last_row: state.lastRow,
        inserted,
        updated,
        unchanged,
        rejects: JSON.stringify(state.rejects),
        rejects_bytes: state.rejectsBytes,
      });
  }

  async finish(trx: Knex): Promise<void> {
    await this.#dropKeys(trx);
    await trx('import_run')
      .where('id', this.#id)
      .update({ finished_at: formatDateTime(Date.now()) });
  }

  #keys(rows: ReadonlyMap<string, number>): { run_id: number; source_no: string; row: number }[] {
    return [...rows].map(([sourceNo, row]) => ({ run_id: this.#id, source_no: sourceNo, row }));
  }

  async #dropKeys(db: Knex): Promise<void> {
    await db('import_run_key').where('run_id', this.#id).delete();
  }
}

import { open, rm } from 'node:fs/promises';
import { checksumOf } from './checksum.ts';
import { csvDrop } from './csv-drop.ts';
import { buildTable, type TableCounts } from './build-table.ts';
import { DropFile } from './drop-file.ts';
import type { FileStamp } from './drop-folder.ts';
import type { DropPlan } from './drop-plan.ts';
import type { RawRows } from './raw-row.ts';
import { Changed, Refusal, type RefusalCode } from './refusal.ts';
import { Rejects } from './rejects.ts';

/** One file to be made a table of. Plain data, so that a thread can be handed it. */
export interface PickUp {
  readonly plan: DropPlan;
  readonly name: string;
  readonly path: string;
  readonly stamp: FileStamp;
  readonly sideStamp: FileStamp | null;
  /** Of the file that the table in use was made of; null where there is none of this shape. */
  readonly known: string | null;
  /** Where the SQLite file is made; there is none yet. */
  readonly table: string;
  readonly rejectsFolder: string;
  readonly rejectPercent: number;
}

export type PickUpOutcome =
  | ({ readonly kind: 'good'; readonly sha256: string } & TableCounts)
  /** The content is that of the table in use. */
  | { readonly kind: 'known'; readonly sha256: string }
  /** Somebody writes at it: it is looked at again. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string };

/**
 * Makes a table of the file, whole on disk before it resolves; what is left of a table that was not made is removed.
 * Rejects where our own disk fails, and with the signal's reason.
 */
export async function pickUp(job: PickUp, signal: AbortSignal): Promise<PickUpOutcome> {
  try {
    return await made(job, signal);
  } catch (error) {
    await rm(job.table, { force: true });
    if (error instanceof Changed) return { kind: 'changed' };
    if (error instanceof Refusal) return { kind: 'refused', code: error.code, message: error.message };
    throw error;
  }
}

async function made(job: PickUp, signal: AbortSignal): Promise<PickUpOutcome> {
  const { plan, path, stamp, table, rejectPercent } = job;
  if (stamp.size > plan.mostBytes) throw new Refusal('TOO_LARGE', 'it has more bytes than a file may have');
  const file = await DropFile.open(path, stamp);
  try {
    const { end, expected } = await checksumOf(file, path, job.sideStamp, plan);
    const { body, whole } = await file.digests(end);
    if (expected !== null && expected !== body)
      throw new Refusal('CHECKSUM', 'its bytes are not those of its checksum');
    if (whole === job.known) return { kind: 'known', sha256: whole };
    signal.throwIfAborted();
    // Made by us first, so that it is never readable by others.
    await (await open(table, 'wx', 0o600)).close();
    const rejects = new Rejects(job.rejectsFolder, job.name);
    const counts = await filled(job, await rowsOf(file, plan, end), rejects, signal);
    const all = counts.rows + counts.rejected;
    if (counts.rejected * 100 > rejectPercent * all)
      throw new Refusal('TOO_MANY_REJECTS', `${counts.rejected} of its ${all} rows are bad`);
    if (counts.rows < plan.leastRows) throw new Refusal('TOO_FEW_ROWS', `it has ${counts.rows} good rows`);
    // The bytes that were read are those that the checksum was made of.
    await file.throwIfChanged(stamp);
    if ((await file.digests(end)).whole !== whole) throw new Changed();
    await toDisk(table);
    return { kind: 'good', sha256: whole, ...counts };
  } catch (error) {
    // A file that is overwritten while it is read looks bad in many ways, and is not.
    if (error instanceof Refusal) await file.throwIfChanged(stamp);
    throw error;
  } finally {
    await file.close();
  }
}

async function filled(job: PickUp, rows: RawRows, rejects: Rejects, signal: AbortSignal): Promise<TableCounts> {
  try {
    return await buildTable(job.table, rows, job.plan, rejects, signal);
  } finally {
    rejects.close();
  }
}

async function rowsOf(file: DropFile, { format, mostBytes }: DropPlan, end: number): Promise<RawRows> {
  switch (format.kind) {
    case 'csv':
      return csvDrop(file, format, end);
    case 'excel': {
      // ExcelJS takes longer to load than most files to read.
      const { excelDrop } = await import('./excel-drop.ts');
      return excelDrop(file, format, mostBytes);
    }
  }
}

async function toDisk(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

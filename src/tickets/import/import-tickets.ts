import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { openTicketStore, type TicketRow, type TicketStore, type UpsertCounts } from '../ticket-store.ts';
import type { CsvRow } from '../../csv/csv-rows.ts';
import { ImportError } from './import-error.ts';
import { takeImportLock } from './import-lock.ts';
import { ImportRun, type RunKey, type RunState } from './import-run.ts';
import { openCsv } from './read-csv.ts';
import { readMapping, type MappingFile } from './read-mapping.ts';
import type { RejectCode } from './reject.ts';
import { RejectsFile, type RejectedRow } from './rejects-file.ts';
import { rowReader, type RowReading } from './row-reader.ts';
import { assertUnchanged, inspectSource, type SourceFile } from './source-file.ts';
import { makeFolder } from '../../config/make-folder.ts';

export interface ImportOptions {
  readonly file: string;
  /** Path of the mapping file. */
  readonly mapping: string;
  /** Folder of `hotline.db`; made when missing. */
  readonly dataDir: string;
  /** Path of the rejects file. Default: `FILE.rejects.csv` in the data folder; a dry run writes none by default. */
  readonly rejects?: string;
  /** Counts what would happen and leaves the store alone. Default false. */
  readonly dryRun?: boolean;
  /** Forgets how far an earlier run of the same file and mapping came. Default false. */
  readonly restart?: boolean;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  /** Bytes of the file that were read, of `totalBytes`; where the last row of a key wins, the file is read twice. */
  readonly bytes: number;
  readonly totalBytes: number;
  readonly rows: number;
}

/** What became of the rows: `read` is the sum of `inserted`, `updated`, `unchanged` and `rejected`. */
export interface ImportReport extends UpsertCounts {
  readonly read: number;
  readonly rejected: number;
  readonly rejectsByCode: Readonly<Partial<Record<RejectCode, number>>>;
  /** Null when no row was rejected, or when a dry run wrote none. */
  readonly rejectsFile: string | null;
  /** Rows that an earlier, interrupted run had done; 0 for a fresh one. */
  readonly resumedAfterRow: number;
  /** True when an earlier run had done everything: nothing was written, and the counts are its own. */
  readonly alreadyDone: boolean;
  readonly dryRun: boolean;
}

/** Rows in one transaction, and the characters after which it is closed before it has as many. */
const BATCH_ROWS = 1000;
const BATCH_CHARACTERS = 16 << 20;

/**
 * Imports a CSV file into the ticket store of a data folder. An interrupted run goes on where it stopped. Throws
 * `MappingError` when mapping and file do not fit (nothing was written), `ImportError` when the file cannot be read to
 * its end (what was read before is in the store).
 */
export async function importTickets(options: ImportOptions): Promise<ImportReport> {
  const mapping = readMapping(options.mapping);
  const source = await inspectSource(options.file, mapping.value.source.encoding);
  const { header, rows } = await openCsv(source, mapping.value.source);
  await rows.return();
  const job: Job = {
    options,
    mapping,
    source,
    header,
    read: rowReader(mapping, header),
    key: { file: source.sha256, mapping: mapping.sha256 },
  };
  return options.dryRun === true ? await rehearse(job) : await run(job);
}

interface Job {
  readonly options: ImportOptions;
  readonly mapping: MappingFile;
  readonly source: SourceFile;
  readonly header: readonly string[];
  readonly read: (cells: readonly string[]) => RowReading;
  readonly key: RunKey;
}

async function run(job: Job): Promise<ImportReport> {
  const { options, key } = job;
  const rejectsPath = chooseRejectsPath(job);
  makeDataDir(options.dataDir);
  const release = takeImportLock(options.dataDir);
  try {
    const store = openTicketStore(join(options.dataDir, 'hotline.db'));
    try {
      if (ImportRun.isRejectsFileTaken(store.database, key, rejectsPath)) {
        throw new ImportError(
          `${rejectsPath} belongs to another import that is not finished; name another with --rejects`,
        );
      }
      const earlier = ImportRun.find(store.database, key);
      if (options.restart === true) earlier?.forget();
      const known = options.restart === true ? undefined : earlier;
      const before = known?.state();
      if (before?.finished === true) return report(before, { alreadyDone: true, dryRun: false, resumedAfterRow: 0 });
      if (before !== undefined && options.rejects !== undefined && before.rejectsFile !== rejectsPath) {
        throw new ImportError(`This import began with the rejects file ${before.rejectsFile}; keep it, or --restart`);
      }
      const progress = known ?? ImportRun.begin(store.database, key, rejectsPath);
      return await carryOut(job, progress, store, (tickets) => store.upsert(tickets));
    } finally {
      store.close();
    }
  } finally {
    release();
  }
}

/** The same steps, with a run that lives in a temporary database and counts instead of writes. */
async function rehearse(job: Job): Promise<ImportReport> {
  const { options, key } = job;
  const rejectsPath = options.rejects === undefined ? '' : chooseRejectsPath(job);
  const file = join(options.dataDir, 'hotline.db');
  const real = existsSync(file) ? openTicketStore(file, { readonly: true }) : undefined;
  const scratch = openTicketStore('');
  try {
    const progress = ImportRun.begin(scratch.database, key, rejectsPath);
    return await carryOut(job, progress, scratch, (tickets) => countAgainst(real, tickets));
  } finally {
    scratch.close();
    real?.close();
  }
}

function countAgainst(store: TicketStore | undefined, tickets: readonly TicketRow[]): UpsertCounts {
  const counts = { inserted: 0, updated: 0, unchanged: 0 };
  for (const ticket of tickets) counts[store?.preview(ticket) ?? 'inserted'] += 1;
  return counts;
}

async function carryOut(
  job: Job,
  progress: ImportRun,
  store: TicketStore,
  write: (tickets: readonly TicketRow[]) => UpsertCounts,
): Promise<ImportReport> {
  const { mapping, source, header, options } = job;
  const lastWins = mapping.value.onDuplicate === 'last';
  if (lastWins && !progress.state().scanned) await scanKeys(job, progress, store);
  let state = progress.state();
  const resumedAfterRow = state.lastRow;
  const rejects = state.rejectsFile === '' ? undefined : new RejectsFile(state.rejectsFile, header, state.rejectsBytes);
  const isTaken = lastWins
    ? (ticket: TicketRow, row: number) => progress.rowOfKey(ticket.sourceNo) !== row
    : (ticket: TicketRow, row: number) => !progress.claimKey(ticket.sourceNo, row);
  const commit = store.database.transaction((batch: readonly CsvRow[]): RunState => {
    const { tickets, rejected } = sort(batch, job.read, isTaken);
    const counts = write(tickets);
    // On disk before the transaction commits: a killed run finds at least the bytes that it has recorded.
    rejects?.append(rejected);
    const next = add(state, batch, counts, rejected, rejects?.bytes ?? 0);
    progress.save(next);
    return next;
  });
  try {
    for await (const batch of batches(job, resumedAfterRow)) state = commit.immediate(batch);
    await assertUnchanged(source);
  } finally {
    rejects?.close();
  }
  store.makeIndexes();
  progress.finish();
  return report(state, { alreadyDone: false, dryRun: options.dryRun ?? false, resumedAfterRow });
}

/** Finds the last good row of each key, so that earlier ones are never written: a second import then changes nothing. */
async function scanKeys(job: Job, progress: ImportRun, store: TicketStore): Promise<void> {
  progress.restartScan();
  const scan = store.database.transaction((batch: readonly CsvRow[]) => {
    for (const { cells, row } of batch) {
      const reading = job.read(cells);
      if (reading.kind === 'ticket') progress.scanKey(reading.ticket.sourceNo, row);
    }
  });
  for await (const batch of batches(job, 0)) scan(batch);
  progress.finishScan();
}

async function* batches({ options, source, mapping }: Job, afterRow: number): AsyncGenerator<readonly CsvRow[]> {
  let bytes = 0;
  const { rows } = await openCsv(source, mapping.value.source, (count) => (bytes += count));
  let batch: CsvRow[] = [];
  let characters = 0;
  for await (const row of rows) {
    if (row.row <= afterRow) continue;
    batch.push(row);
    for (const cell of row.cells) characters += cell.length;
    if (batch.length < BATCH_ROWS && characters < BATCH_CHARACTERS) continue;
    yield batch;
    options.onProgress?.({ bytes, totalBytes: source.size, rows: row.row });
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

function sort(
  batch: readonly CsvRow[],
  read: Job['read'],
  isTaken: (ticket: TicketRow, row: number) => boolean,
): { tickets: readonly TicketRow[]; rejected: readonly RejectedRow[] } {
  const tickets: TicketRow[] = [];
  const rejected: RejectedRow[] = [];
  for (const source of batch) {
    const reading = read(source.cells);
    if (reading.kind === 'rejected') rejected.push({ ...reading.rejection, source });
    else if (isTaken(reading.ticket, source.row)) rejected.push({ ...duplicate, source });
    else tickets.push(reading.ticket);
  }
  return { tickets, rejected };
}

const duplicate = {
  code: 'DUPLICATE_KEY',
  column: '',
  message: 'another row of this file has the same key and was taken; onDuplicate chooses which',
} as const;

function add(
  state: RunState,
  batch: readonly CsvRow[],
  counts: UpsertCounts,
  rejected: readonly RejectedRow[],
  rejectsBytes: number,
): RunState {
  const rejects = { ...state.rejects };
  for (const { code } of rejected) rejects[code] = (rejects[code] ?? 0) + 1;
  return {
    ...state,
    rejects,
    rejectsBytes,
    lastRow: state.lastRow + batch.length,
    inserted: state.inserted + counts.inserted,
    updated: state.updated + counts.updated,
    unchanged: state.unchanged + counts.unchanged,
  };
}

function report(state: RunState, kind: Pick<ImportReport, 'alreadyDone' | 'dryRun' | 'resumedAfterRow'>): ImportReport {
  const { inserted, updated, unchanged, rejects } = state;
  return {
    read: state.lastRow,
    inserted,
    updated,
    unchanged,
    rejected: Object.values(rejects).reduce((sum, count) => sum + count, 0),
    rejectsByCode: rejects,
    rejectsFile: state.rejectsBytes > 0 ? state.rejectsFile : null,
    ...kind,
  };
}

function makeDataDir(dataDir: string): void {
  try {
    makeFolder(dataDir, 0o700);
  } catch {
    throw new ImportError(`${dataDir} cannot be made; name a folder that you may write with --data-dir`);
  }
}

/** The rejects file replaces what lies at its path, so it must not be one of the files that are read. */
function chooseRejectsPath({ options, mapping, source }: Job): string {
  const path = resolve(options.rejects ?? join(options.dataDir, `${basename(source.path)}.rejects.csv`));
  if (existsSync(path) && [source.path, mapping.file].some((input) => realpathSync(input) === realpathSync(path))) {
    throw new ImportError(`--rejects ${path} would replace a file that is read; name another`);
  }
  if (options.rejects !== undefined && !existsSync(dirname(path))) {
    throw new ImportError(`The folder of --rejects ${path} does not exist; make it first`);
  }
  return path;
}

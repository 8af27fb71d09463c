import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Knex } from 'knex';
import { openTicketDatabase, type TicketDatabase } from '../../store/ticket-database.ts';
import { previewTicket, ticketStore, type TicketRow, type UpsertCounts } from '../ticket-store.ts';
import type { CsvRow } from '../../csv/csv-rows.ts';
import { formatDateTime } from '../../codes/date-time.ts';
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
    const store = await openTicketDatabase({ kind: 'sqlite', file: join(options.dataDir, 'hotline.db') });
    try {
      if (await ImportRun.isRejectsFileTaken(store.db, key, rejectsPath)) {
        throw new ImportError(
          `${rejectsPath} belongs to another import that is not finished; name another with --rejects`,
        );
      }
      const earlier = await ImportRun.find(store.db, key);
      if (options.restart === true) await store.transaction(async (trx) => earlier?.forget(trx));
      const known = options.restart === true ? undefined : earlier;
      const before = await known?.state(store.db);
      if (before?.finished === true) return report(before, { alreadyDone: true, dryRun: false, resumedAfterRow: 0 });
      if (before !== undefined && options.rejects !== undefined && before.rejectsFile !== rejectsPath) {
        throw new ImportError(`This import began with the rejects file ${before.rejectsFile}; keep it, or --restart`);
      }
      const progress = known ?? (await ImportRun.begin(store.db, key, rejectsPath));
      const isLoading = await store.isLoading();
      return await carryOut(job, progress, store, (trx, tickets) => writeTickets(trx, tickets, isLoading));
    } finally {
      await store.close();
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
  const real = existsSync(file) ? await openTicketDatabase({ kind: 'sqlite', file, readonly: true }) : undefined;
  const scratch = await openTicketDatabase({ kind: 'sqlite', file: '' });
  try {
    const progress = await ImportRun.begin(scratch.db, key, rejectsPath);
    return await carryOut(job, progress, scratch, (_trx, tickets) => countAgainst(real?.db, tickets));
  } finally {
    await scratch.close();
    await real?.close();
  }
}

/** While the store is loading its findings wait for its end: without indexes each batch would look through all tickets. */
async function writeTickets(trx: Knex, tickets: readonly TicketRow[], isLoading: boolean): Promise<UpsertCounts> {
  const store = ticketStore(trx);
  const counts = await store.upsert(tickets, formatDateTime(Date.now()));
  await store.settle();
  if (!isLoading) await store.review();
  return counts;
}

async function countAgainst(db: Knex | undefined, tickets: readonly TicketRow[]): Promise<UpsertCounts> {
  const counts = { inserted: 0, updated: 0, unchanged: 0 };
  for (const ticket of tickets) counts[db === undefined ? 'inserted' : await previewTicket(db, ticket)] += 1;
  return counts;
}

async function carryOut(
  job: Job,
  progress: ImportRun,
  store: TicketDatabase,
  write: (trx: Knex, tickets: readonly TicketRow[]) => Promise<UpsertCounts>,
): Promise<ImportReport> {
  const { mapping, source, header, options } = job;
  const lastWins = mapping.value.onDuplicate === 'last';
  if (lastWins && !(await progress.state(store.db)).scanned) await scanKeys(job, progress, store);
  let state = await progress.state(store.db);
  const resumedAfterRow = state.lastRow;
  const rejects = state.rejectsFile === '' ? undefined : new RejectsFile(state.rejectsFile, header, state.rejectsBytes);
  const commit = (batch: readonly CsvRow[]): Promise<RunState> =>
    store.transaction(async (trx) => {
      const readings = batch.map((source) => ({ source, reading: job.read(source.cells) }));
      const rows = rowsOf(readings, lastWins ? 'last' : 'first');
      const owners = lastWins ? await progress.rowsOfKeys(trx, rows.keys()) : await progress.claimKeys(trx, rows);
      const { tickets, rejected } = sort(readings, owners);
      const counts = await write(trx, tickets);
      // On disk before the transaction commits: a killed run finds at least the bytes that it has recorded.
      rejects?.append(rejected);
      const next = add(state, batch, counts, rejected, rejects?.bytes ?? 0);
      await progress.save(trx, next);
      return next;
    });
  try {
    for await (const batch of batches(job, resumedAfterRow)) state = await commit(batch);
    await assertUnchanged(source);
  } finally {
    rejects?.close();
  }
  if (await store.isLoading()) await store.finishLoad();
  await store.transaction((trx) => progress.finish(trx));
  return report(state, { alreadyDone: false, dryRun: options.dryRun ?? false, resumedAfterRow });
}

/** Finds the last good row of each key, so that earlier ones are never written: a second import then changes nothing. */
async function scanKeys(job: Job, progress: ImportRun, store: TicketDatabase): Promise<void> {
  await progress.restartScan(store.db);
  for await (const batch of batches(job, 0)) {
    const readings = batch.map((source) => ({ source, reading: job.read(source.cells) }));
    await store.transaction((trx) => progress.scanKeys(trx, rowsOf(readings, 'last')));
  }
  await progress.finishScan(store.db);
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

interface ReadRow {
  readonly source: CsvRow;
  readonly reading: RowReading;
}

/** The good rows' numbers by their keys: of several with one key the first, or the last. */
function rowsOf(readings: readonly ReadRow[], which: 'first' | 'last'): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (const { source, reading } of readings)
    if (reading.kind === 'ticket' && (which === 'last' || !rows.has(reading.ticket.sourceNo)))
      rows.set(reading.ticket.sourceNo, source.row);
  return rows;
}

/** `owners`: the row that each key belongs to. */
function sort(
  readings: readonly ReadRow[],
  owners: ReadonlyMap<string, number>,
): { tickets: readonly TicketRow[]; rejected: readonly RejectedRow[] } {
  const tickets: TicketRow[] = [];
  const rejected: RejectedRow[] = [];
  for (const { source, reading } of readings) {
    if (reading.kind === 'rejected') rejected.push({ ...reading.rejection, source });
    else if (owners.get(reading.ticket.sourceNo) !== source.row) rejected.push({ ...duplicate, source });
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

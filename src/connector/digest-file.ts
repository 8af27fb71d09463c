import { stringify } from 'csv-stringify';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { firstPhone, isSubscriber, type PhoneOptions } from '../codes/phone.ts';
import { normaliseResidentId } from '../codes/resident-id.ts';
import { csvRows } from '../csv/csv-rows.ts';
import { decoded, isDamaged, markOf, type Encoding } from '../csv/encoding.ts';
import { digestOf } from './join-key.ts';

export interface DigestFileOptions extends PhoneOptions {
  /** A CSV file with a header. */
  readonly file: string;
  readonly column: string;
  readonly kind: 'phone' | 'idNumber';
  /** Made anew, in UTF-8, readable by its owner alone; must not be there. */
  readonly out: string;
  readonly secret: Buffer;
  /** Of a file without a byte order mark. */
  readonly encoding: Encoding;
  readonly onProgress?: (done: { readonly bytes: number; readonly totalBytes: number; readonly rows: number }) => void;
}

export interface DigestFileReport {
  readonly rows: number;
  readonly digested: number;
  /** The column is empty. */
  readonly empty: number;
  /** The column holds no number, or for phones a short one, which is nobody's own. */
  readonly unreadable: number;
}

/** The file cannot be digested; the message holds no value of it. */
export class DigestFileError extends Error {}

/**
 * Copies a CSV file with the keyed digests of one column in its place, in bounded memory. Rows whose number cannot be read
 * have an empty digest. Throws `DigestFileError`, `CsvFault` and what the files throw; then nothing is left behind.
 */
export async function digestFile(options: DigestFileOptions): Promise<DigestFileReport> {
  const { file, out } = options;
  const { size } = await stat(file);
  const encoding = (await markIn(file)) ?? options.encoding;
  const counts = { rows: 0, digested: 0, empty: 0, unreadable: 0 };
  const bytes = createReadStream(file);
  const told = (): void => options.onProgress?.({ bytes: bytes.bytesRead, totalBytes: size, rows: counts.rows });
  const target = await open(out, 'wx', 0o600);
  try {
    const rows = digestedRows(decoded(bytes, encoding, 0), options, counts, told);
    await pipeline(rows, stringify(), createWriteStream(out, { fd: target }));
    told();
    return counts;
  } catch (error) {
    bytes.destroy();
    await rm(out, { force: true });
    throw error;
  }
}

async function* digestedRows(
  text: AsyncIterable<string>,
  { column, kind, secret, ...options }: DigestFileOptions,
  counts: { rows: number; digested: number; empty: number; unreadable: number },
  told: () => void,
): AsyncGenerator<readonly string[]> {
  let at = -1;
  let width = 0;
  for await (const { row, line, cells } of csvRows(text, { delimiter: ',', quote: '"' }, 1)) {
    if (cells.some(isDamaged))
      throw new DigestFileError(`line ${line} is not in the file's encoding; name another with --encoding`);
    if (row === 0) {
      at = cells.indexOf(column);
      width = cells.length;
      if (at < 0 || cells.lastIndexOf(column) !== at)
        throw new DigestFileError(`the header does not name the column ${column} once`);
      yield cells.with(at, `${column}_digest`);
      continue;
    }
    // Cells that slipped would let numbers go out in the place of another column.
    if (cells.length !== width) throw new DigestFileError(`line ${line} has ${cells.length} cells, not ${width}`);
    const value = (cells[at] ?? '').trim();
    const normal = kind === 'phone' ? subscriber(value, options) : normaliseResidentId(value);
    counts.rows += 1;
    counts[value === '' ? 'empty' : normal === null ? 'unreadable' : 'digested'] += 1;
    if (counts.rows % 1_000 === 0) told();
    yield cells.with(at, normal === null ? '' : digestOf(secret, kind, normal));
  }
  if (at < 0) throw new DigestFileError('the file is empty; its first line names its columns');
}

function subscriber(value: string, options: PhoneOptions): string | null {
  const phone = firstPhone(value, options);
  return phone !== null && isSubscriber(phone) ? phone : null;
}

async function markIn(file: string): Promise<Encoding | undefined> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(3), 0, 3, 0);
    return markOf(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

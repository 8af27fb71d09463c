import { stringify } from 'csv-stringify/sync';
import exceljs from 'exceljs';
import iconv from 'iconv-lite';
import { createHash } from 'node:crypto';
import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceValue } from '../mapping.ts';
import { sourceSettings } from '../settings/source-settings.ts';
import type { RowStore } from '../simulate/row-store.ts';
import type { Simulation, Simulator } from '../source.ts';
import { columnsOf, type CsvFormat, type ExcelFormat, type FileEntity } from './declaration.ts';

/** Rows that are taken from the store at once. */
const CHUNK = 5_000;

/** Drops one file of each record type, dated today, as the declarations say. */
export async function simulateFiles(
  { source, entities, rows, folder }: Simulation,
  files: Readonly<Record<string, FileEntity>>,
): Promise<Simulator> {
  const drops = join(folder, source);
  await mkdir(drops, { recursive: true });
  for (const { type } of entities) {
    const file = files[type];
    if (file === undefined) throw new TypeError(`${type} has no file`);
    await dropFile(drops, type, file, rows);
  }
  return {
    settings: sourceSettings.parse({ kind: 'file', folder: drops, pollSeconds: 1 }),
    close: async () => undefined,
  };
}

async function dropFile(folder: string, type: string, file: FileEntity, rows: RowStore): Promise<void> {
  const path = join(folder, nameOf(file.name));
  // A system that has lost a column drops files without it.
  const columns = columnsOf(file).filter((c) => rows.columns(type).includes(c.column));
  const { format, checksum = 'none', marker = false } = file;
  const half = join(folder, `.${type}.half`);
  const digest =
    format.kind === 'csv'
      ? await writeCsv(
          half,
          format,
          columns.map((c) => c.name),
          chunks(
            rows,
            type,
            columns.map((c) => c.column),
          ),
          checksum,
        )
      : await writeWorkbook(
          half,
          format,
          columns.map((c) => c.name),
          chunks(
            rows,
            type,
            columns.map((c) => c.column),
          ),
        );
  await rename(half, path);
  if (checksum === 'sideFile') await writeFile(`${path}.sha256`, `${digest}\n`);
  if (marker) await writeFile(`${path}.ok`, '');
}

/** Of today, in Beijing. */
function nameOf(pattern: string): string {
  const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
  return pattern.replace('*', day).replaceAll('*', '').replaceAll('?', '0');
}

function* chunks(rows: RowStore, type: string, columns: readonly string[]): Generator<SourceValue[][]> {
  for (let offset = 0; ; offset += CHUNK) {
    const found = rows.select(type, { columns, limit: CHUNK, offset });
    if (found.length > 0) yield found.map((row) => columns.map((c) => row[c]));
    if (found.length < CHUNK) return;
  }
}

async function writeCsv(
  path: string,
  { encoding, delimiter = ',', quote = '"', skipLines = 0, headless }: CsvFormat,
  names: readonly string[],
  all: Iterable<SourceValue[][]>,
  checksum: NonNullable<FileEntity['checksum']>,
): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  const write = async (text: string): Promise<void> => {
    const bytes = iconv.encode(text, encoding, { addBOM: false });
    hash.update(bytes);
    await file.write(bytes);
  };
  // Where the file has columns that are not read, they are empty.
  const order = headless ?? names;
  const lines = (cells: readonly (readonly SourceValue[])[]): string =>
    stringify(
      [...cells].map((row) => order.map((name) => text(row[names.indexOf(name)]))),
      {
        delimiter,
        quote,
        // A line may end within a cell, whichever way.
        ...(quote === false ? {} : { quoted_match: /[\r\n]/ }),
        record_delimiter: 'windows',
      },
    );
  try {
    await write('\r\n'.repeat(skipLines));
    if (headless === undefined) await write(lines([names]));
    for (const chunk of all) await write(lines(chunk));
    const digest = hash.copy().digest('hex');
    if (typeof checksum === 'object') await write(`${checksum.trailer}${digest}\r\n`);
    return digest;
  } finally {
    await file.close();
  }
}

async function writeWorkbook(
  path: string,
  { sheet, headerRow = 1 }: ExcelFormat,
  names: readonly string[],
  all: Iterable<SourceValue[][]>,
): Promise<string> {
  const workbook = new exceljs.stream.xlsx.WorkbookWriter({ filename: path, useSharedStrings: false });
  const count = typeof sheet === 'number' ? sheet : 1;
  for (let i = 1; i < count; i += 1) workbook.addWorksheet(`Sheet${i}`).commit();
  const target = workbook.addWorksheet(typeof sheet === 'string' ? sheet : `Sheet${sheet}`);
  for (let i = 1; i < headerRow; i += 1) target.addRow([]).commit();
  target.addRow(names).commit();
  for (const chunk of all)
    for (const row of chunk)
      target.addRow(row.map((value) => (typeof value === 'number' ? value : text(value)))).commit();
  target.commit();
  await workbook.commit();
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    for await (const piece of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) hash.update(piece);
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

function text(value: SourceValue): string | null {
  return value === null || value === undefined ? null : String(value);
}

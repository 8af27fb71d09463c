import { csvRows, CsvFault } from '../../csv/csv-rows.ts';
import { decoded, markOf } from '../../csv/encoding.ts';
import type { CsvFormat } from './declaration.ts';
import type { DropFile } from './drop-file.ts';
import type { RawRow, RawRows } from './raw-row.ts';
import { Refusal } from './refusal.ts';

/** The rows of the file's bytes up to `end`. Throws `Refusal`. */
export async function csvDrop(file: DropFile, format: CsvFormat, end: number): Promise<RawRows> {
  const { encoding } = format;
  const mark = markOf(await file.read(0, Math.min(3, end)));
  if (mark !== undefined && mark !== encoding)
    throw new Refusal('ENCODING', `it begins with the byte order mark of ${mark}, and is declared as ${encoding}`);
  if (encoding === 'utf-16le' && end % 2 === 1)
    throw new Refusal('ENCODING', 'it is declared as utf-16le and has an odd number of bytes');
  const last = (await file.read(Math.max(0, end - 2), Math.min(2, end))).toString(
    encoding === 'utf-16le' ? 'utf16le' : 'latin1',
  );
  return {
    rows: rowsOf(file, format, end),
    isRagged: (cells, width) => cells !== width,
    from1904: () => false,
    openEnded: !/[\r\n]$/.test(last),
  };
}

async function* rowsOf(
  file: DropFile,
  { encoding, delimiter = ',', quote = '"', skipLines = 0 }: CsvFormat,
  end: number,
): AsyncGenerator<RawRow, void> {
  const text = decoded(file.bytes(0, end), encoding, skipLines);
  try {
    yield* csvRows(text, { delimiter, quote }, 1 + skipLines);
  } catch (error) {
    if (error instanceof CsvFault)
      throw new Refusal('NO_CSV', `the row that begins at line ${error.line} is no CSV (${error.code})`);
    throw error;
  }
}

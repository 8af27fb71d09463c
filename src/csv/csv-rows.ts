import { pipeline, Readable } from 'node:stream';
import { CsvError, parse, type Options } from 'csv-parse';

export interface CsvRow {
  /** Rows count from 0: the first is the header where there is one. Blank lines are no rows. */
  readonly row: number;
  /** The line of the file on which the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvForm {
  readonly delimiter: string;
  /** False where nothing is ever quoted. */
  readonly quote: string | false;
}

/** The text is no CSV from some row on. */
export class CsvFault extends Error {
  /** The parser's code. */
  readonly code: string;
  /** The line on which the row begins. */
  readonly line: number;
  constructor(code: string, line: number) {
    super(`the row that begins at line ${line} is no CSV (${code})`);
    this.name = 'CsvFault';
    this.code = code;
    this.line = line;
  }
}

/** The longest row, in bytes of UTF-8. A quote that never ends would otherwise swallow a file of any size. */
const MAX_ROW_BYTES = 8 << 20;

/** RFC 4180 with any of the three line ends, with quotes inside unquoted cells kept as they stand. */
export function csvOptions({ delimiter, quote }: CsvForm): Options {
  return {
    delimiter,
    quote,
    escape: quote === false ? null : quote,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MAX_ROW_BYTES,
    raw: true,
  };
}

interface RawRecord {
  readonly record: readonly string[];
  readonly raw: string;
}

/**
 * The rows of the text in one pass and bounded memory; to be read to the end or with `return`. `firstLine` is the line
 * that the text begins with. Throws `CsvFault`, and what the text throws.
 */
export async function* csvRows(
  text: AsyncIterable<string>,
  form: CsvForm,
  firstLine: number,
): AsyncGenerator<CsvRow, void> {
  const parser = parse(csvOptions(form));
  // The callback is needed for pipeline to run; the error itself arrives through the parser.
  const records: AsyncIterable<RawRecord> = pipeline(Readable.from(text), parser, () => undefined);
  let row = 0;
  let line = firstLine;
  try {
    for await (const { record, raw } of records) {
      const blank = /^[\r\n]*/.exec(raw)?.[0] ?? '';
      // A quote that opens by mistake ends at the next one, however many rows lie between.
      if (!isWhole(raw.slice(blank.length).replace(/[\r\n]+$/, ''), form))
        throw new CsvFault('CSV_INVALID_CLOSING_QUOTE', line + breaksIn(blank));
      yield { row, line: line + breaksIn(blank), cells: record };
      // The parser's own count takes a line break inside quotes for two under CRLF.
      line += breaksIn(raw);
      row += 1;
    }
  } catch (error) {
    if (error instanceof CsvError) throw new CsvFault(error.code, line);
    throw error;
  }
}

/** Whether each line break of the row lies in a cell that is quoted from its beginning to its end. */
function isWhole(raw: string, { delimiter, quote }: CsvForm): boolean {
  if (quote === false || !/[\r\n]/.test(raw)) return true;
  for (let at = 0; ;) {
    let end: number;
    if (raw.startsWith(quote, at)) {
      end = raw.indexOf(quote, at + 1);
      while (end >= 0 && raw.startsWith(quote, end + 1)) end = raw.indexOf(quote, end + 2);
      if (end < 0) return false;
      end += 1;
      if (end < raw.length && !raw.startsWith(delimiter, end)) return false;
    } else {
      const next = raw.indexOf(delimiter, at);
      end = next < 0 ? raw.length : next;
      if (/[\r\n]/.test(raw.slice(at, end))) return false;
    }
    if (end >= raw.length) return true;
    at = end + delimiter.length;
  }
}

const breaksIn = (raw: string): number => raw.match(/\r\n|\n|\r/g)?.length ?? 0;

import { pipeline, Readable } from 'node:stream';
import { CsvError, parse, type Options } from 'csv-parse';
import { parse as parseAll } from 'csv-parse/sync';
import { ImportError } from './import-error.ts';
import type { SourceRule } from './mapping-schema.ts';
import { textOf, withoutLines, type SourceFile } from './source-file.ts';

export interface CsvRow {
  /** Rows count from 1 after the header; blank lines are no rows. */
  readonly row: number;
  /** The line of the file on which the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvFile {
  /** Column names, without white space around them. */
  readonly header: readonly string[];
  readonly delimiter: string;
  /** To be read once, to its end or with `return`. Throws `ImportError` where the file is no CSV any more. */
  readonly rows: AsyncGenerator<CsvRow, void>;
}

/** The longest row, in bytes of UTF-8. A quote that never ends would otherwise swallow a file of any size. */
const MAX_ROW_BYTES = 8 << 20;
const delimiters = [',', ';', '\t', '|'];

/**
 * Opens a CSV file for one pass in bounded memory: RFC 4180 with any of the three line ends, with quotes inside
 * unquoted cells kept as they stand. Throws `ImportError` when there is no usable header.
 */
export async function openCsv(
  source: SourceFile,
  rule: SourceRule,
  onBytes?: (bytes: number) => void,
): Promise<CsvFile> {
  const delimiter = rule.delimiter === 'auto' ? detectDelimiter(source, rule) : rule.delimiter;
  const rows = readRows(source, rule, delimiter, onBytes);
  const first = await rows.next();
  if (first.done === true) throw new ImportError(`${source.path} has no header line after ${rule.skipLines} lines`);
  const header = first.value.cells.map((cell) => cell.trim());
  if (header.some((name) => name.includes('\uFFFD'))) {
    await rows.return();
    throw new ImportError(
      `${source.path}: the header does not read as ${source.encoding}; set source.encoding in the mapping`,
    );
  }
  return { header, delimiter, rows };
}

function detectDelimiter(source: SourceFile, rule: SourceRule): string {
  const text = withoutLines(source.head, rule.skipLines);
  const columns = (delimiter: string): number => {
    const records: unknown[][] = parseAll(text, { ...parserOptions(rule, delimiter), raw: false, to: 1 });
    return records[0]?.length ?? 0;
  };
  const counted = delimiters.map((delimiter) => ({ delimiter, count: quietly(() => columns(delimiter)) }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

function quietly(count: () => number): number {
  try {
    return count();
  } catch (error) {
    if (error instanceof CsvError) return 0;
    throw error;
  }
}

function parserOptions(rule: SourceRule, delimiter: string): Options {
  return {
    delimiter,
    quote: rule.quote,
    escape: rule.quote === false ? null : rule.quote,
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

async function* readRows(
  source: SourceFile,
  rule: SourceRule,
  delimiter: string,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<CsvRow, void> {
  const parser = parse(parserOptions(rule, delimiter));
  // The callback is needed for pipeline to run; the error itself arrives through the parser.
  const records: AsyncIterable<RawRecord> = pipeline(
    Readable.from(textOf(source, rule.skipLines, onBytes)),
    parser,
    () => undefined,
  );
  let row = 0;
  let line = 1 + rule.skipLines;
  try {
    for await (const { record, raw } of records) {
      const blank = /^[\r\n]*/.exec(raw)?.[0] ?? '';
      yield { row, line: line + breaksIn(blank), cells: record };
      // The parser's own count takes a line break inside quotes for two under CRLF.
      line += breaksIn(raw);
      row += 1;
    }
  } catch (error) {
    if (error instanceof CsvError) throw new ImportError(`${source.path}: ${explain(error.code, line)}`);
    throw error;
  }
}

const breaksIn = (raw: string): number => raw.match(/\r\n|\n|\r/g)?.length ?? 0;

function explain(code: string, line: number): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return `the row that begins at line ${line} has a quote that is never closed; mend it or set source.quote`;
    case 'CSV_MAX_RECORD_SIZE':
      return `the row that begins at line ${line} is longer than 8 MiB; a quote in it is probably never closed`;
    default:
      return `the row that begins at line ${line} is no CSV (${code}); mend it`;
  }
}

import { CsvError } from 'csv-parse';
import { parse as parseAll } from 'csv-parse/sync';
import { CsvFault, csvOptions, csvRows, type CsvForm, type CsvRow } from '../../csv/csv-rows.ts';
import { withoutLines } from '../../csv/encoding.ts';
import { ImportError } from './import-error.ts';
import type { SourceRule } from './mapping-schema.ts';
import { textOf, type SourceFile } from './source-file.ts';

export interface CsvFile {
  /** Column names, without white space around them. */
  readonly header: readonly string[];
  readonly delimiter: string;
  /** To be read once, to its end or with `return`. Throws `ImportError` where the file is no CSV any more. */
  readonly rows: AsyncGenerator<CsvRow, void>;
}

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
    const records: unknown[][] = parseAll(text, { ...csvOptions(formOf(rule, delimiter)), raw: false, to: 1 });
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

function formOf(rule: SourceRule, delimiter: string): CsvForm {
  return { delimiter, quote: rule.quote };
}

async function* readRows(
  source: SourceFile,
  rule: SourceRule,
  delimiter: string,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<CsvRow, void> {
  try {
    yield* csvRows(textOf(source, rule.skipLines, onBytes), formOf(rule, delimiter), 1 + rule.skipLines);
  } catch (error) {
    if (error instanceof CsvFault) throw new ImportError(`${source.path}: ${explain(error)}`);
    throw error;
  }
}

function explain({ code, line }: CsvFault): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return `the row that begins at line ${line} has a quote that is never closed; mend it or set source.quote`;
    case 'CSV_INVALID_CLOSING_QUOTE':
      return `the row that begins at line ${line} has a quote that ends within a cell, lines later; mend it or set source.quote`;
    case 'CSV_MAX_RECORD_SIZE':
      return `the row that begins at line ${line} is longer than 8 MiB; a quote in it is probably never closed`;
    default:
      return `the row that begins at line ${line} is no CSV (${code}); mend it`;
  }
}

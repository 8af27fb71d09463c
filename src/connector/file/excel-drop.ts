import exceljs from 'exceljs';
import { Readable } from 'node:stream';
import { arrangedWorkbook } from './arranged-workbook.ts';
import type { ExcelFormat } from './declaration.ts';
import type { DropFile } from './drop-file.ts';
import type { MergedCells } from './merged-cells.ts';
import { unreadable, type Cell, type RawRow, type RawRows } from './raw-row.ts';
import { Refusal } from './refusal.ts';

/** What a reader knows of the workbook, which ExcelJS's types leave out. */
interface WorkbookFacts {
  readonly properties?: { readonly model?: { readonly date1904?: boolean } };
  readonly model?: { readonly sheets?: readonly { readonly name: string }[] };
}

/** The rows of the declared sheet, from its header on. `most` bounds what is unpacked, in bytes. */
export function excelDrop(file: DropFile, format: ExcelFormat, most: number): RawRows {
  const merged: MergedCells[] = [];
  const source = Readable.from(arrangedWorkbook(file, most, merged));
  const reader = new exceljs.stream.xlsx.WorkbookReader(source, {
    entries: 'ignore',
    hyperlinks: 'ignore',
    sharedStrings: 'cache',
    styles: 'cache',
    worksheets: 'emit',
  });
  const facts = reader as unknown as WorkbookFacts;
  let read: MergedCells | undefined;
  return {
    rows: rowsOf(source, reader, facts, format, (place) => (read = merged[place])),
    // Excel leaves empty cells at the end of a row out.
    isRagged: (cells, width) => cells > width,
    from1904: () => facts.properties?.model?.date1904 === true,
    openEnded: false,
    mergedIn: (column) => read?.lastIn(column) ?? 0,
  };
}

async function* rowsOf(
  source: Readable,
  reader: exceljs.stream.xlsx.WorkbookReader,
  facts: WorkbookFacts,
  { sheet, headerRow = 1 }: ExcelFormat,
  onEnd: (place: number) => void,
): AsyncGenerator<RawRow, void> {
  // ExcelJS does not hear of its source's error, and would wait for more.
  const failed = new Promise<never>((_, reject) => source.once('error', reject));
  failed.catch(() => undefined);
  const sheets = reader[Symbol.asyncIterator]();
  try {
    for (let place = 0; ; place += 1) {
      const next = await Promise.race([sheets.next(), failed]);
      if (next.done === true) throw new Refusal('NO_SHEET', 'it does not have the declared sheet');
      const wanted = typeof sheet === 'string' ? sheet : facts.model?.sheets?.[sheet - 1]?.name;
      if ((next.value as unknown as { name: string }).name !== wanted) continue;
      const rows = next.value[Symbol.asyncIterator]();
      for (;;) {
        const row = await Promise.race([rows.next(), failed]);
        if (row.done === true) return onEnd(place);
        if (row.value.number < headerRow) continue;
        const cells = cellsOf(row.value);
        if (cells.length > 0) yield { line: row.value.number, cells };
      }
    }
  } catch (error) {
    if (error instanceof Refusal || (error as { code?: unknown }).code !== undefined || source.errored) {
      throw source.errored ?? error;
    }
    // What ExcelJS throws may quote the part.
    throw new Refusal('NO_WORKBOOK', 'its sheet cannot be read');
  } finally {
    source.destroy();
  }
}

/** Without the empty cells at the row's end. */
function cellsOf(row: exceljs.Row): Cell[] {
  const values = row.values as readonly unknown[];
  const cells: Cell[] = [];
  for (let i = 1; i < values.length; i += 1) {
    const cell = cellOf(values[i]);
    if (cell === null) continue;
    while (cells.length < i - 1) cells.push(null);
    cells.push(cell);
  }
  return cells;
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string') return unescaped(value);
  if (typeof value === 'number') return exact(value);
  if (typeof value === 'boolean') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? unreadable : value;
  return unreadable;
}

/** A workbook keeps fifteen digits of a number: what lies behind them is no part of it, and a longer code has been rounded. */
function exact(value: number): Cell {
  return Math.abs(value) < 1e15 ? Number(value.toPrecision(15)) : unreadable;
}

/** `_x000D_`: a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19). */
function unescaped(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

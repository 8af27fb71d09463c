/** A CSV file's form. */
export interface CsvFormat {
  readonly kind: 'csv';
  /** A byte order mark at the file's beginning is no part of it; one of another encoding refuses the file. */
  readonly encoding: 'utf-8' | 'gb18030' | 'utf-16le';
  /** Default: a comma. */
  readonly delimiter?: string;
  /** Default: `"`. False where nothing is ever quoted. */
  readonly quote?: '"' | "'" | false;
  /** Lines above the header, or above the first row where there is no header. Default: 0. */
  readonly skipLines?: number;
  /** The file's columns in their order, where no line names them. */
  readonly headless?: readonly string[];
}

/** A workbook (`.xlsx`). Cells are read as Excel shows them last: formulas by the value that was saved with them. */
export interface ExcelFormat {
  readonly kind: 'excel';
  /** By its name, or by its place in the workbook, from 1. */
  readonly sheet: string | number;
  /** The row that names the columns, from 1. Default: 1. Rows above it are not read. */
  readonly headerRow?: number;
}

/** How a day or a time that a workbook holds as a number is written down for the mapping. */
export type DateForm = 'yyyy-MM-dd HH:mm:ss' | 'yyyy-MM-dd' | 'yyyyMMddHHmmss' | 'yyyyMMdd';

export interface FileColumn {
  /** As the file's header names it. */
  readonly name: string;
  /**
   * The column holds days or times: a workbook's numbers in it are taken for dates, whatever their cells look like, and
   * written so. Cells that look like dates are written as `yyyy-MM-dd HH:mm:ss` in any other column. Text stays as it is.
   */
  readonly date?: DateForm;
}

/** How one record type is dropped into the source's folder: each file holds all records of that moment. */
export interface FileEntity {
  /**
   * The files' names, with `*` for any text and `?` for any character: `WXZJ_*.csv`. The newest is read: by the date in
   * its name (`20261105`, `2026-11-05`, with a time behind it or without), or else by the names' order.
   */
  readonly name: string;
  readonly format: CsvFormat | ExcelFormat;
  /** The columns that the mapping reads, to the file's own; each must be in the file. Others of the file are not kept. */
  readonly columns: Readonly<Record<string, string | FileColumn>>;
  /** Columns, beside the key's, that records are found by. */
  readonly joins?: readonly string[];
  /**
   * `sideFile`: `NAME.sha256` beside the file holds its SHA-256 in hex, as `sha256sum` writes it. `trailer`: the last
   * line is this text and the SHA-256, in hex, of all bytes above that line. Default: `none`.
   */
  readonly checksum?: 'none' | 'sideFile' | { readonly trailer: string };
  /** Whether a file is complete only once `NAME.ok` lies beside it. Default: false. */
  readonly marker?: boolean;
  /** Rows without which a file is refused: an empty extract is more often a fault than the truth. Default: 1. */
  readonly leastRows?: number;
  /** Bytes of a file, at most, and of a workbook's parts unpacked. Default: 2 GiB. */
  readonly mostBytes?: number;
}

/** The columns of a declaration with nothing left to default. */
export function columnsOf(entity: FileEntity): readonly (FileColumn & { readonly column: string })[] {
  return Object.entries(entity.columns).map(([column, of]) =>
    typeof of === 'string' ? { column, name: of } : { column, ...of },
  );
}

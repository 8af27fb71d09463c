/**
 * Why a whole file is refused:
 * - `CHECKSUM`: its bytes are not those that its checksum was made of
 * - `NO_CHECKSUM`: the side file or the last line does not hold one
 * - `TOO_LARGE`: more bytes than declared, packed or unpacked
 * - `ENCODING`: a byte order mark of another encoding, or half a character at the end
 * - `NO_CSV`: a quote that never ends, or ends within another row's cell, or a row beyond all measure
 * - `NO_WORKBOOK`: damaged, encrypted, or another format
 * - `NO_SHEET`: a workbook without the declared sheet
 * - `NO_HEADER`: it has no header line
 * - `COLUMNS`: a declared column is missing, or there twice
 * - `CUT_OFF`: it ends within a row
 * - `MERGED_CELLS`: below its header, cells of a declared column are one over several rows: all but the first would be empty
 * - `TOO_FEW_ROWS`: fewer good rows than declared
 * - `TOO_MANY_REJECTS`: a greater share of its rows is bad than the settings allow
 * - `OUT_OF_MEMORY`: it cannot be read in the memory that a file may take
 */
export type RefusalCode =
  | 'CHECKSUM'
  | 'NO_CHECKSUM'
  | 'TOO_LARGE'
  | 'ENCODING'
  | 'NO_CSV'
  | 'NO_WORKBOOK'
  | 'NO_SHEET'
  | 'NO_HEADER'
  | 'COLUMNS'
  | 'CUT_OFF'
  | 'MERGED_CELLS'
  | 'TOO_FEW_ROWS'
  | 'TOO_MANY_REJECTS'
  | 'OUT_OF_MEMORY';

/** The file is not used. The message says why and holds no value of it. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** The file is no longer the one that was begun with: another look will tell. */
export class Changed extends Error {
  constructor() {
    super('the file changed while it was read');
    this.name = 'Changed';
  }
}

import pg from 'pg';

type Reader = (text: string) => unknown;
const driverReader = pg.types.getTypeParser as (type: number, format?: string) => Reader;
const { builtins } = pg.types;

/** Numbers of the array types whose members are read as text. */
const arrays = [1000, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022, 1115, 1182, 1185, 1231, 2951];
const readArray = driverReader(1009);

/**
 * How values are read, so that a mapping sees what it would see of the other databases: dates and times as text, booleans
 * as such, arrays and JSON lists as lists, numbers only where they lose no digit, all else as the server writes it.
 */
const readers: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [builtins.INT2, wholeNumber],
  [builtins.INT4, wholeNumber],
  [builtins.INT8, wholeNumber],
  [builtins.FLOAT4, Number],
  [builtins.FLOAT8, Number],
  [builtins.BOOL, (text) => text === 't'],
  [builtins.BYTEA, driverReader(builtins.BYTEA)],
  // Its padding is no part of the value, and MySQL takes it off as well.
  [builtins.BPCHAR, (text) => text.replace(/ +$/, '')],
  // The session is in Beijing time, so the offset says nothing.
  [builtins.TIMESTAMPTZ, (text) => text.replace(/\+08(?= BC$|$)/, '')],
  ...arrays.map((type): [number, Reader] => [type, readArray]),
  ...[builtins.JSON, builtins.JSONB].map((type): [number, Reader] => [type, readJson]),
]);

export function parserOf(type: number, format?: string): Reader {
  return format === 'binary' ? driverReader(type, format) : (readers.get(type) ?? ((text) => text));
}

/** A list of single values as one; a text or number as it is written; anything else has no meaning in a column. */
function readJson(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) && value.every((one) => typeof one !== 'object' || one === null) ? value : undefined;
}

function wholeNumber(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

import pg from 'pg';

const { builtins } = pg.types;
const asText = (text: string): string => text;

/** Numbers of the array types whose members are read as text. */
const arrays = new Set([1000, 1001, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022, 1115, 1182, 1185, 1231, 2951]);
const parser = pg.types.getTypeParser as (type: number, format?: string) => (text: string) => unknown;
const readArray = parser(1009);

/**
 * How values are read, so that a mapping sees what it would see of the other databases: dates and times as text, booleans
 * as 1 and 0, lists as JSON text, numbers only where they lose no digit.
 */
export function parserOf(type: number, format?: string): (value: string) => unknown {
  if (format === 'binary') return parser(type, 'binary');
  if (arrays.has(type)) return (text) => JSON.stringify(readArray(text));
  switch (type) {
    case builtins.INT2:
    case builtins.INT4:
    case builtins.INT8:
      return wholeNumber;
    case builtins.FLOAT4:
    case builtins.FLOAT8:
      return Number;
    case builtins.BOOL:
      return (text) => (text === 't' ? 1 : 0);
    case builtins.BYTEA:
      return parser(builtins.BYTEA);
    case builtins.BPCHAR:
      // Its padding is no part of the value (SQL:2016, 4.2), and MySQL takes it off as well.
      return (text) => text.replace(/ +$/, '');
    case builtins.TIMESTAMPTZ:
      // The session is in Beijing time, so the offset says nothing.
      return (text) => text.replace(/\+08(?= BC$|$)/, '');
    default:
      return asText;
  }
}

function wholeNumber(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

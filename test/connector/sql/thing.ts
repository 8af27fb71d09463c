import fc from 'fast-check';
import {
  codeTable,
  decimal,
  flag,
  integer,
  spacedDateTime,
  text,
  zonedDateTime,
} from '../../../src/connector/codings.ts';
import { all, always, any, never, not, type Filter } from '../../../src/connector/filter.ts';
import { column, jsonList, readRecord } from '../../../src/connector/mapping.ts';
import type { MappedEntity } from '../../../src/connector/source.ts';
import type { Client, TestDatabase } from '../../kit/test-database.ts';

/* A table with a column of each kind that agencies have, and the records and filters that are asked of it. */

export const thing: MappedEntity = {
  type: 'Thing',
  key: 'no',
  order: [{ field: 'no', direction: 'ASC' }],
  mapping: {
    no: column('no', text),
    name: column('nm', text),
    legacy: column('old', text),
    padded: column('ch', text),
    size: column('sz', integer),
    open: column('op', flag('Y', 'N')),
    state: column('st', codeTable({ '1': 'NEW', '2': 'OLD' }, 'number')),
    done: column('dn', flag(1, 0)),
    code: column('cd', text),
    long: column('lg', text),
    price: column('pr', text),
    weight: column('wt', decimal),
    digits: column('dg', codeTable({ '1': 'ONE', '2': 'TWO' }, 'number')),
    at: column('t', zonedDateTime),
    stamp: column('ts', spacedDateTime),
    day: column('dy', text),
    parties: jsonList('ps', { table: 'thing_party', key: 'thing_no', member: 'agency', where: { role: 'CO' } }),
  },
};

export const tables = { Thing: 'thing' };
export const fields = Object.keys(thing.mapping);

/** A kind of database together with how its text columns are collated. */
export interface Variant {
  readonly name: string;
  readonly client: Client;
  /** Type of text columns of so many characters. */
  readonly text: (length: number) => string;
  /** A column in an older character set, where there are any. */
  readonly legacy?: string;
}

const mysqlText = (collation: string) => (length: number) =>
  `varchar(${length}) character set utf8mb4 collate ${collation}`;
const postgresText = (collation: string) => (length: number) => `varchar(${length}) collate "${collation}"`;

export const variants: readonly Variant[] = [
  { name: 'SQLite', client: 'sqlite', text: () => 'TEXT' },
  { name: 'MariaDB, ignoring case', client: 'mysql', text: mysqlText('utf8mb4_general_ci') },
  { name: 'MariaDB, Unicode, ignoring case', client: 'mysql', text: mysqlText('utf8mb4_unicode_ci') },
  {
    name: 'MariaDB, binary with padding, beside GBK',
    client: 'mysql',
    text: mysqlText('utf8mb4_bin'),
    legacy: 'varchar(20) character set gbk',
  },
  {
    name: 'MariaDB, binary, beside utf8mb3',
    client: 'mysql',
    text: mysqlText('utf8mb4_nopad_bin'),
    legacy: 'varchar(20) character set utf8mb3 collate utf8mb3_unicode_ci',
  },
  { name: 'PostgreSQL, C', client: 'postgres', text: postgresText('C') },
  { name: 'PostgreSQL, default', client: 'postgres', text: postgresText('default') },
  { name: 'PostgreSQL, English', client: 'postgres', text: postgresText('en-x-icu') },
  { name: 'PostgreSQL, ignoring case', client: 'postgres', text: postgresText('lianqiao_ci') },
];

export async function createTables(database: TestDatabase, { client, text, legacy }: Variant): Promise<void> {
  if (client === 'postgres')
    await database.exec(
      `create collation lianqiao_ci (provider = icu, locale = 'und-u-ks-level1', deterministic = false)`,
    );
  const boolean = client === 'postgres' ? 'boolean' : client === 'mysql' ? 'tinyint(1)' : 'INTEGER';
  const stamp = client === 'mysql' ? 'datetime' : client === 'postgres' ? 'timestamp' : 'TEXT';
  await database.exec(`create table thing (
    no ${client === 'mysql' ? 'varchar(40) character set utf8mb4 collate utf8mb4_nopad_bin' : client === 'postgres' ? 'varchar(40) collate "C"' : 'TEXT'} not null primary key,
    nm ${text(40)}, old ${legacy ?? text(20)}, ch ${client === 'sqlite' ? 'TEXT' : 'char(6)'}, sz integer,
    op ${text(2)}, st smallint, dn ${boolean}, cd integer, lg ${client === 'sqlite' ? 'TEXT' : 'bigint'},
    pr ${client === 'sqlite' ? 'TEXT' : 'decimal(12, 2)'}, wt ${client === 'mysql' ? 'double' : 'double precision'}, dg ${text(4)}, t ${text(30)}, ts ${stamp},
    dy ${client === 'sqlite' ? 'TEXT' : 'date'}, ps ${client === 'postgres' ? 'text[]' : text(200)})`);
  await database.exec(
    `create table thing_party (thing_no ${client === 'mysql' ? 'varchar(40) character set utf8mb4 collate utf8mb4_general_ci' : text(40)}, agency ${text(20)}, role ${text(20)})`,
  );
}

export interface ThingRow {
  readonly nm: string | null;
  readonly old: string | null;
  readonly ch: string | null;
  readonly sz: number | null;
  readonly op: string | null;
  readonly st: number | null;
  readonly dn: number | null;
  readonly cd: number | null;
  readonly lg: string | null;
  readonly pr: string | null;
  readonly wt: number | null;
  readonly dg: string | null;
  readonly t: string | null;
  readonly ts: string | null;
  readonly dy: string | null;
  readonly ps: readonly string[];
  readonly other: readonly string[];
}

export type StoredThing = ThingRow & { readonly no: string };

/** What collations take for equal, ignore or sort elsewhere than code points do. */
export const names = [
  ...['a', 'A', 'ab', 'aB', 'a ', 'a  ', ' ', 'a\n', 'é', 'e', 'ß', 'ss', 'SS', 'b', '-', 'a-b', '1', '01', '1a'],
  ...['福', '福州', '福州市', '😀', '😀x', '𠮷', '%', 'a%', '_', '!', '\\', "'", 'ａ', 'İ', ''],
];
const legacyNames = ['a', 'A', 'a ', '福', '福州', '-', '%', ''];
const padded = ['a', 'A', 'ab', '福', ''];
const times = [
  ...['2026-11-05T10:00:00+08:00', '2026-11-05T10:00:01+08:00', '2025-01-01T00:00:00+08:00'],
  ...['2024-02-29T23:59:59+08:00', '', 'yesterday', '/2026'],
];
const stamps = ['2026-11-05 10:00:00', '2026-11-05 10:00:01', '2025-01-01 00:00:00', '2024-02-29 23:59:59'];
const days = ['2026-11-05', '2025-01-01', '2024-02-29'];
const agencies = ['police', 'Police', 'grid', 'market'];
const longs = ['9007199254740993', '9007199254740992', '12', '-7', '0'];

const orNull = <T>(of: readonly T[]): fc.Arbitrary<T | null> => fc.constantFrom(...of, null);

export const row: fc.Arbitrary<ThingRow> = fc.record({
  nm: orNull(names),
  old: orNull(legacyNames),
  ch: orNull(padded),
  sz: orNull([0, 1, 2, -5]),
  op: orNull(['Y', 'N', 'X', '']),
  st: orNull([1, 2, 3]),
  dn: orNull([0, 1]),
  cd: orNull([0, 12, 120, -1]),
  lg: orNull(longs),
  pr: orNull(['12.50', '12.00', '-0.05']),
  wt: orNull([1.5, 0.1]),
  dg: orNull(['1', '2', '3', '01', '']),
  t: orNull(times),
  ts: orNull(stamps),
  dy: orNull(days),
  ps: fc.subarray(agencies),
  other: fc.subarray(agencies),
});

/** A column of which no record has a readable value is no longer what the mapping says, which is another test's matter. */
export const readable: ThingRow = {
  ...{ nm: 'a', old: 'a', ch: 'a', sz: 1, op: 'Y', st: 1, dn: 1, cd: 12, lg: '12', pr: '12.00', wt: 1.5, dg: '1' },
  ...{ t: '2026-11-05T10:00:00+08:00', ts: '2026-11-05 10:00:00', dy: '2026-11-05', ps: ['police'], other: [] },
};

const some = <T>(of: readonly T[]): fc.Arbitrary<T[]> => fc.array(fc.constantFrom(...of), { maxLength: 3 });
const isOneOf = (field: string, of: readonly (string | number | boolean)[]): fc.Arbitrary<Filter> =>
  some(of).map((values): Filter => ({ kind: 'in', field, values }));
const beginsWith = (field: string, of: readonly string[]): fc.Arbitrary<Filter> =>
  some(of).map((prefixes): Filter => ({ kind: 'prefix', field, prefixes }));
const lies = (field: string, of: readonly string[]): fc.Arbitrary<Filter> =>
  fc
    .record({
      from: fc.option(fc.constantFrom(...of), { nil: undefined }),
      before: fc.option(fc.constantFrom(...of), { nil: undefined }),
    })
    .map(({ from, before }): Filter => ({
      kind: 'range',
      field,
      ...(from === undefined ? {} : { from }),
      ...(before === undefined ? {} : { before }),
    }));
const bounds = times.slice(0, 4);

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.constantFrom(always, never),
  isOneOf('name', names),
  isOneOf('legacy', [...legacyNames, '😀', 'é']),
  isOneOf('padded', [...padded, 'a ']),
  isOneOf('size', [0, 1, 7]),
  isOneOf('open', [true, false]),
  isOneOf('state', ['NEW', 'OLD', 'NONE']),
  isOneOf('done', [true, false]),
  isOneOf('code', ['12', '012', '12.0', ' 12', '0', '-1', 'x', '']),
  isOneOf('long', [...longs, '9007199254740991', '99999999999999999999', '012']),
  isOneOf('price', ['12.50', '12.5', '12', '12.00', '-0.05', 'x']),
  isOneOf('digits', ['ONE', 'TWO']),
  isOneOf('at', bounds),
  isOneOf('stamp', bounds),
  isOneOf('day', [...days, '2025-01-01 00:00:00', '2025-02-30', 'x']),
  beginsWith('name', names),
  beginsWith('legacy', [...legacyNames, '😀']),
  beginsWith('padded', padded),
  beginsWith('code', ['1', '12', '']),
  beginsWith('long', ['9', '90071992547409']),
  beginsWith('day', ['2025', '2024-02']),
  lies('at', bounds),
  lies('stamp', bounds),
  // Code points and the units that JavaScript compares by sort alike below the surrogates.
  lies('name', ['a', 'A', 'a ', 'e', '-', '福', '']),
  lies('day', ['2025-01-01', '2026-11-05', '2025']),
  fc.subarray([...agencies, 'nobody']).map((values): Filter => ({ kind: 'contains', field: 'parties', values })),
);

export const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('filter').map(not),
    fc.array(tie('filter'), { maxLength: 3 }).map(all),
    fc.array(tie('filter'), { maxLength: 3 }).map(any),
  ),
}));

export async function store(database: TestDatabase, rows: readonly StoredThing[]): Promise<void> {
  await database.exec('delete from thing');
  await database.exec('delete from thing_party');
  const parties: string[] = [];
  const things: unknown[] = [];
  const columns = [
    'no',
    'nm',
    'old',
    'ch',
    'sz',
    'op',
    'st',
    'dn',
    'cd',
    'lg',
    'pr',
    'wt',
    'dg',
    't',
    'ts',
    'dy',
  ] as const;
  for (const one of rows) {
    things.push(
      ...columns.map((c) => (c === 'dn' && database.client === 'postgres' && one.dn !== null ? one.dn === 1 : one[c])),
    );
    things.push(database.client === 'postgres' ? [...one.ps] : JSON.stringify(one.ps));
    for (const agency of one.ps) parties.push(one.no, agency, 'CO');
    for (const agency of one.other) parties.push(one.no, agency, 'FORMER');
  }
  await insert(database, 'thing', [...columns, 'ps'], things);
  await insert(database, 'thing_party', ['thing_no', 'agency', 'role'], parties);
}

async function insert(
  database: TestDatabase,
  table: string,
  columns: readonly string[],
  values: readonly unknown[],
): Promise<void> {
  const most = 500 * columns.length;
  for (let i = 0; i < values.length; i += most) {
    const part = values.slice(i, i + most);
    const tuple = `(${columns.map(() => '?').join(', ')})`;
    const tuples = Array.from({ length: part.length / columns.length }, () => tuple).join(', ');
    await database.exec(`insert into ${table} (${columns.join(', ')}) values ${tuples}`, part);
  }
}

/** The record as the hub must see it, whatever the database. */
export function recordOf({ ps, other: _other, ...columns }: StoredThing): Record<string, unknown> {
  return readRecord(thing.mapping, fields, { ...columns, ps: JSON.stringify(ps) });
}

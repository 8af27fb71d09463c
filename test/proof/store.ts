import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeTable, compactDate, flag, integer, text, zonedDateTime } from '../../src/connector/codings.ts';
import type { Connector } from '../../src/connector/connector.ts';
import { column, jsonList, type Coding, type FieldMapping, type SourceValue } from '../../src/connector/mapping.ts';
import { defineSqlConnector } from '../../src/connector/sql/sql-connector.ts';
import type { SqlEntity } from '../../src/connector/sql/sql-entity.ts';
import {
  typeOf,
  unreadable,
  type FieldModel,
  type RecordModel,
  type Records,
  type SchemaModel,
  type TypeModel,
  type Value,
} from './model.ts';

/*
 * The world's records in real SQLite files, one an agency, read through the connectors that the seam makes of it; and
 * written by a connection of its own, as the agency's system would.
 */

const codes = codeTable({ '1': 'OPEN', '2': 'DONE', '3': 'VOID', '4': 'REPORT' });
const codeOf: Readonly<Record<string, string>> = { OPEN: '1', DONE: '2', VOID: '3', REPORT: '4' };

const codings = {
  key: text,
  text,
  code: codes,
  flag: flag('Y', 'N'),
  number: integer,
  date: compactDate,
  time: zonedDateTime,
  division: text,
  grid: text,
  agency: text,
  name: text,
  phone: text,
  idNumber: text,
  address: text,
  freeText: text,
  other: text,
} as const satisfies Readonly<Record<string, Coding>>;

const columnOf = (field: string): string => `c_${field}`;
const tableOf = (type: string): string => `t_${type}`;
const membersOf = (field: FieldModel): string => `m_${field.type}_${field.name}`;

function isStored(field: FieldModel): boolean {
  return field.holds.kind === 'value' || field.holds.kind === 'parts';
}

function mappingOf(field: FieldModel): FieldMapping | null {
  const name = columnOf(field.name);
  if (field.holds.kind === 'parts') return { columns: [name], read: readParts };
  if (field.holds.kind !== 'value') return null;
  const { of } = field.holds;
  return of === 'agencies'
    ? jsonList(name, { table: membersOf(field), key: 'k', member: 'member' })
    : column(name, codings[of]);
}

function readParts(value: SourceValue): unknown {
  return value === null || value === undefined ? null : JSON.parse(String(value));
}

function entityOf(type: TypeModel): SqlEntity {
  const mapping = type.fields.flatMap((field) => {
    const of = mappingOf(field);
    return of === null ? [] : [[field.name, of] as const];
  });
  const { name, key, order } = type;
  return { type: name, table: tableOf(name), key, order, mapping: Object.fromEntries(mapping) };
}

/** A connector for each agency of the world. */
export function connectorsOf(schema: SchemaModel): Connector[] {
  return schema.agencies.map((agency) =>
    defineSqlConnector({
      agency,
      entities: schema.types.filter((t) => t.role === 'record' && t.owner === agency).map(entityOf),
      relations: schema.types
        .flatMap((t) => (t.role === 'record' ? t.fields : []))
        .flatMap((f) => (f.holds.kind === 'relation' && f.owner === agency ? [f.holds.declaration] : [])),
      roots: schema.roots.filter((r) => r.owner === agency),
      cases: schema.cases.filter((c) => c.owner === agency),
      statistics: schema.statistics.filter((s) => s.owner === agency),
    }),
  );
}

export interface Store {
  /** Holds `AGENCY.db` for each agency. */
  readonly folder: string;
  /** Writes the record in place of the one of its number, or beside the others; `null` takes it out. */
  put(type: TypeModel, key: string, record: RecordModel | null): void;
  /** What the column holds, past every connector: for those who plant leaks. Nothing where there is none. */
  peek(type: string, field: string): unknown[];
  /** The record's row as its table has it; nothing where there is none. */
  peekRecord(type: string, key: unknown): unknown[];
  close(): void;
}

/** Makes the databases and fills them. */
export function openStore(schema: SchemaModel, records: Records): Store {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-proof-'));
  const databases = new Map(
    schema.agencies.map((agency) => {
      const db = new Database(join(folder, `${agency}.db`));
      db.pragma('synchronous = OFF');
      db.pragma('journal_mode = MEMORY');
      return [agency, db] as const;
    }),
  );
  const databaseOf = (type: TypeModel): Database.Database => {
    const db = databases.get(type.owner);
    if (db === undefined) throw new TypeError(`${type.owner} takes no part in the world`);
    return db;
  };
  const statements = new Map<string, Database.Statement>();
  const statement = (type: TypeModel, sql: string): Database.Statement => {
    const known = statements.get(sql) ?? databaseOf(type).prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const put = (type: TypeModel, key: string, record: RecordModel | null): void => {
    const stored = type.fields.filter(isStored);
    const lists = stored.filter(isList);
    statement(type, `DELETE FROM ${tableOf(type.name)} WHERE ${columnOf(type.key)} = ?`).run(key);
    for (const field of lists) statement(type, `DELETE FROM ${membersOf(field)} WHERE k = ?`).run(key);
    if (record === null) return;
    const values = stored.map((f) => written(f, record[f.name] ?? null));
    const columns = stored.map((f) => columnOf(f.name)).join(', ');
    const places = stored.map(() => '?').join(', ');
    statement(type, `INSERT INTO ${tableOf(type.name)} (${columns}) VALUES (${places})`).run(...values);
    for (const field of lists) {
      const list = record[field.name];
      if (!Array.isArray(list)) continue;
      for (const member of list)
        statement(type, `INSERT INTO ${membersOf(field)} (k, member) VALUES (?, ?)`).run(key, member);
    }
  };
  for (const type of schema.types) {
    if (type.role !== 'record') continue;
    const db = databaseOf(type);
    const stored = type.fields.filter(isStored);
    db.transaction(() => {
      db.exec(`CREATE TABLE ${tableOf(type.name)} (${stored.map((f) => columnOf(f.name)).join(', ')})`);
      for (const field of stored) if (isList(field)) db.exec(`CREATE TABLE ${membersOf(field)} (k, member)`);
      for (const record of records.get(type.name) ?? []) put(type, String(record[type.key]), record);
    })();
  }
  return {
    folder,
    peek(type, field) {
      const found = schema.types.find((t) => t.name === type);
      if (found?.role !== 'record' || !found.fields.some((f) => f.name === field && isStored(f))) return [];
      return databaseOf(found)
        .prepare(`SELECT ${columnOf(field)} FROM ${tableOf(type)} ORDER BY ${columnOf(found.key)}`)
        .pluck()
        .all();
    },
    peekRecord(name, key) {
      const type = typeOf(schema, name);
      return databaseOf(type)
        .prepare(`SELECT * FROM ${tableOf(name)} WHERE ${columnOf(type.key)} = ?`)
        .all(key);
    },
    put: (type, key, record) => databaseOf(type).transaction(() => put(type, key, record))(),
    close() {
      for (const db of databases.values()) db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isList(field: FieldModel): boolean {
  return field.holds.kind === 'value' && field.holds.of === 'agencies';
}

/** The value as the agency's system has it in its column. */
function written(field: FieldModel, value: Value): string | number | null {
  if (value === null) return null;
  if (value === unreadable) return '?!';
  if (Array.isArray(value)) return JSON.stringify(value);
  if (field.holds.kind !== 'value') throw new TypeError(`${field.type}.${field.name} is not stored`);
  switch (field.holds.of) {
    case 'flag':
      return value === true ? 'Y' : 'N';
    case 'code':
      return codeOf[String(value)] ?? '?!';
    case 'date':
      return String(value).replaceAll('-', '');
    default:
      return typeof value === 'number' ? value : String(value);
  }
}

import { createHash } from 'node:crypto';
import type { FieldMapping } from '../mapping.ts';
import type { MappedEntity } from '../source.ts';
import { columnsOf, type DateForm, type FileEntity } from './declaration.ts';

export interface PlannedColumn {
  readonly column: string;
  /** As the file names it. */
  readonly name: string;
  readonly stored: 'text' | 'number';
  readonly date: DateForm | null;
}

/** How the drops of one record type become a table: a declaration that was checked. Plain data, so that a thread can be handed it. */
export interface DropPlan {
  readonly type: string;
  readonly table: string;
  readonly namePattern: string;
  readonly format: FileEntity['format'];
  readonly columns: readonly PlannedColumn[];
  readonly key: string;
  readonly joins: readonly string[];
  readonly checksum: NonNullable<FileEntity['checksum']>;
  readonly marker: boolean;
  readonly leastRows: number;
  readonly mostBytes: number;
  /** Of everything that a table's content depends on: a table of another shape is made anew. */
  readonly shape: string;
}

/** Raised where a program of another version would make another table of the same file. */
const VERSION = 2;

/** Throws `TypeError` for a declaration that cannot work with the record type's mapping. */
export function planDrop(entity: MappedEntity, file: FileEntity): DropPlan {
  const { type, mapping } = entity;
  const wrong = (message: string): never => {
    throw new TypeError(`the file of ${type} ${message}`);
  };
  const { name, format, joins = [], checksum = 'none', marker = false, leastRows = 1, mostBytes = 2 ** 31 } = file;
  if (!/^[^/\\\0]+$/.test(name)) wrong('has no name, or a path for a name');
  if (typeof checksum === 'object' && format.kind === 'excel') wrong('is a workbook, which has no last line');
  if (typeof checksum === 'object' && checksum.trailer === '') wrong('has a trailer without a text to know it by');
  if (format.kind === 'csv' && format.delimiter === '') wrong('has an empty delimiter');

  const columns = columnsOf(file).map(({ column, name: named, date = null }) => {
    const fields = Object.values(mapping).filter((m) => m.columns.includes(column));
    if (fields.length === 0) wrong(`has a column ${column} that the mapping does not read`);
    const kinds = new Set(fields.map(storedAs).filter((kind) => kind !== null));
    if (kinds.size > 1) wrong(`has a column ${column} that one field writes as text and another as a number`);
    return { column, name: named.trim(), date, stored: [...kinds][0] ?? ('text' as const) };
  });
  const known = new Set(columns.map((c) => c.column));
  for (const [field, { columns: read, members }] of Object.entries(mapping)) {
    if (members !== undefined) wrong(`cannot search the list ${field}, which needs a table of its own`);
    for (const column of read) if (!known.has(column)) wrong(`lacks the column ${column}, which ${field} is read from`);
  }
  if (distinct(columns.map((c) => c.column.toLowerCase())) < columns.length)
    wrong('has two columns that differ in case alone');
  if (distinct(columns.map((c) => c.name)) < columns.length) wrong('has two columns under one name');
  for (const column of joins) if (!known.has(column)) wrong(`has no column ${column} to find records by`);
  const listed = format.kind === 'csv' ? format.headless : undefined;
  for (const { name: named } of columns)
    if (listed !== undefined && listed.filter((c) => c.trim() === named).length !== 1)
      wrong(`does not have ${named} once in its list of columns`);

  const keyMapping = mapping[entity.key];
  const [key] = keyMapping?.columns ?? [];
  if (key === undefined || keyMapping?.columns.length !== 1 || keyMapping.write === undefined)
    throw new TypeError(`${type}.${entity.key} is no key of its file`);
  const content = { type, table: type, format, columns, key, joins: joins.filter((c) => c !== key), checksum };
  const shape = createHash('sha256')
    .update(JSON.stringify([VERSION, content]))
    .digest('hex')
    .slice(0, 16);
  return { ...content, namePattern: name, marker, leastRows, mostBytes, shape };
}

/** As what the mapping asks for the column's values; null where it never asks. What is stored must compare with it. */
function storedAs({ write, known, span }: FieldMapping): 'text' | 'number' | null {
  if (write === undefined) return null;
  const sample = known?.[0] ?? span?.[0] ?? [1, '1', true].map(write).find((v) => v !== null);
  return typeof sample === 'number' ? 'number' : 'text';
}

const distinct = (names: readonly string[]): number => new Set(names).size;

import type { SourceValue } from '../mapping.ts';
import { jsonValue } from '../rows/json-value.ts';
import { malformed } from '../rows/malformed.ts';
import type { Row } from '../rows/row-wire.ts';
import type { GraphqlEntity } from './declaration.ts';
import { fieldAt, isObject } from './members.ts';

/** How the rows of one record type lie in an answer. */
export interface RowForm extends Pick<GraphqlEntity, 'at'> {
  readonly agency: string;
  /** The column that names a record. */
  readonly key: string;
}

/** The fields that lead to a column, from the row. */
export function pathOf({ at }: Pick<GraphqlEntity, 'at'>, column: string): readonly string[] {
  return at?.[column] ?? [column];
}

/** One row, with the columns that were asked for and no other. A field that the answer lacks is unknown. */
export function readRow(form: RowForm, one: unknown, columns: readonly string[]): Row {
  const { agency, key } = form;
  if (!isObject(one)) throw malformed(agency, 'has a row that is no object');
  // `edges { node }`: an edge whose node is null stands for a record that nothing is said of.
  const holder = pathOf(form, key).slice(0, -1);
  if (columns.includes(key) && !isObject(fieldAt(one, holder)))
    throw malformed(agency, 'has an entry without the row that it stands for');
  return Object.fromEntries(columns.map((c) => [c, columnOf(agency, one, pathOf(form, c))]));
}

/** A field below one that is null is null. */
function columnOf(agency: string, row: Readonly<Record<string, unknown>>, path: readonly string[]): SourceValue {
  let at: unknown = row;
  for (const field of path) {
    if (at === null) return null;
    if (!isObject(at) || !Object.hasOwn(at, field)) return undefined;
    at = at[field];
  }
  return jsonValue(agency, at);
}

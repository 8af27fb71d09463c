import type { SourceValue } from '../mapping.ts';
import type { Row } from '../rows/row-wire.ts';
import { jsonValue } from '../rows/json-value.ts';
import { malformed } from '../rows/malformed.ts';
import { SourceError } from '../source-error.ts';
import type { RestEntity, RestService } from './declaration.ts';
import { isObject, memberAt } from './members.ts';

/** The JSON of an answer. Throws `SourceError` for what is none, and for a failure that the service reports inside it. */
export function readJson(agency: string, text: string, success: RestService['success']): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    throw malformed(agency, 'is no JSON');
  }
  if (success === undefined) return json;
  const code = memberAt(json, success.at);
  if (code === undefined) throw malformed(agency, 'does not say whether it succeeded');
  if (!success.is.some((one) => one === code))
    throw new SourceError(agency, `the ${agency} source answered that it failed`);
  return json;
}

/** The list of rows in an answer. */
export function listIn(agency: string, answer: unknown, path: readonly string[]): readonly unknown[] {
  const list = memberAt(answer, path);
  if (!Array.isArray(list)) throw malformed(agency, 'has no list of rows where one should be');
  return list;
}

/** One row, with the columns that were asked for and no other. A column that is absent stays undefined; one that is no single value is none that can be read. */
export function readRow(agency: string, one: unknown, columns: readonly string[], entity: RestEntity): Row {
  if (!isObject(one)) throw malformed(agency, 'has a row that is no object');
  return Object.fromEntries(columns.map((c) => [c, columnOf(agency, one, c, entity)]));
}

function columnOf(
  agency: string,
  row: object,
  column: string,
  { at = {}, omitsNulls = false }: RestEntity,
): SourceValue {
  const value = memberAt(row, at[column] ?? [column]);
  if (value === undefined) return omitsNulls ? null : undefined;
  return jsonValue(agency, value);
}

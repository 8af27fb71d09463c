import type { SourceValue } from '../mapping.ts';
import type { Row } from '../rows/row-wire.ts';
import type { SoapEntity } from './declaration.ts';

/** The elements of a message as the soap package writes and reads them. */
export type Elements = Record<string, unknown>;

/** Attributes of an element, and its text where it has some. */
export const attributesKey = '$attributes';
export const valueKey = '$value';

/** Puts the value below these elements, which other values may share. */
export function putAt(message: Elements, path: readonly string[], value: unknown): void {
  let to = message;
  path.forEach((name, i) => {
    if (i === path.length - 1) to[name] = value;
    else {
      const below = to[name];
      if (!isElements(below)) to[name] = {};
      to = to[name] as Elements;
    }
  });
}

/** What stands below these elements; undefined where one is missing, null where one is empty or nil. */
export function elementAt(message: unknown, path: readonly string[]): unknown {
  let at = message;
  for (const name of path) {
    if (at === null) return null;
    if (!isElements(at)) return undefined;
    at = name.startsWith('@') ? attribute(at, name.slice(1)) : at[name];
    if (at === undefined) return undefined;
  }
  return at;
}

/** The rows below these elements: XML does not tell one from a list of one. Null where something else stands there. */
export function rowsAt(response: unknown, path: readonly string[]): readonly Elements[] | null {
  const found = elementAt(response, path);
  if (found === undefined || found === null || found === '') return [];
  const list: readonly unknown[] = Array.isArray(found) ? found : [found];
  return list.every(isElements) ? list : null;
}

/** One row, with the columns that were asked for. */
export function rowOf(element: Elements, columns: readonly string[], entity: SoapEntity): Row {
  return Object.fromEntries(columns.map((column) => [column, columnOf(element, column, entity)]));
}

function columnOf(element: Elements, column: string, { at = {}, omitsNulls = false }: SoapEntity): SourceValue {
  const found = elementAt(element, at[column] ?? [column]);
  if (found === undefined) return omitsNulls ? null : undefined;
  if (found === null || typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean')
    return found;
  if (Array.isArray(found)) return JSON.stringify(found.map(textOf));
  return textOf(found);
}

/** The text of an element with attributes; undefined where it holds other elements. */
function textOf(value: unknown): string | null | undefined {
  if (typeof value === 'string') return value;
  if (!isElements(value)) return undefined;
  const text = value[valueKey];
  if (typeof text === 'string') return text;
  return Object.keys(value).every((name) => name === attributesKey) ? null : undefined;
}

function attribute(element: Elements, name: string): unknown {
  const attributes = element[attributesKey];
  return isElements(attributes) ? attributes[name] : undefined;
}

export function isElements(value: unknown): value is Elements {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { SourceValue } from '../mapping.ts';
import type { Row } from '../rows/row-wire.ts';
import type { SoapEntity } from './declaration.ts';
import { collapses, typeInside, type SchemaType } from './operation.ts';
import { attributeOf, isBlank, Unread, type XmlElement } from './xml-element.ts';

/** An element of an answer, with what the WSDL says of it. */
export interface Typed {
  readonly element: XmlElement;
  readonly type: SchemaType;
  /** Whether the WSDL lets it repeat; null where it does not know the element. */
  readonly repeats: boolean | null;
}

const xsi = 'http://www.w3.org/2001/XMLSchema-instance';

/** The rows below these elements: one, several or none. Throws `Unread` where something else stands there. */
export function rowsAt(response: Typed, path: readonly string[]): readonly Typed[] {
  const found = path.reduce<readonly Typed[]>(
    (all, step) => {
      const inside: Typed[] = [];
      for (const one of all) {
        const led = elementsIn(one, step);
        for (const child of led) inside.push(child);
        // Renamed, or the words of an error: the rows are not none, they are not there.
        if (led.length === 0 && one.element.children.some((child) => typeInside(one.type, child.name).repeats === null))
          throw new Unread('has elements that the WSDL does not know where rows should be');
        if (!isBlank(one.element) || (isNil(one) && inside.length > 0))
          throw new Unread('has something else where rows should be');
      }
      return inside;
    },
    [response],
  );
  // What is said to be nil is a row all the same, of which nothing is known; a list that is nil has none.
  if (path.length > 0 && found.some(isNil)) throw new Unread('has a row that is nil');
  // One that holds nothing is none: XML does not tell an empty list from an empty row.
  const [only] = found;
  if (found.length === 1 && only !== undefined && isHollow(only)) return [];
  if (found.some((one) => !isBlank(one.element))) throw new Unread('has something else where rows should be');
  return found;
}

/** The text of the one element that this path leads to; null where there is none, or not one. */
export function textAt(response: Typed, path: readonly string[]): string | null {
  const value = valueAt(response, path);
  return value.kind === 'text' ? value.text.trim() : null;
}

/** One row, with the columns that were asked for. */
export function rowOf(row: Typed, columns: readonly string[], { at = {}, omitsNulls = false }: SoapEntity): Row {
  return Object.fromEntries(
    columns.map((column): [string, SourceValue] => {
      const value = valueAt(row, Object.hasOwn(at, column) ? (at[column] ?? []) : [column]);
      switch (value.kind) {
        case 'text':
          return [column, value.text];
        case 'list':
          return [column, value.texts];
        case 'nil':
          return [column, null];
        case 'absent':
          return [column, omitsNulls ? null : undefined];
        case 'unreadable':
          return [column, undefined];
      }
    }),
  );
}

type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly texts: readonly string[] }
  | { readonly kind: 'nil' }
  | { readonly kind: 'absent' }
  /** Something stands there that is no value. */
  | { readonly kind: 'unreadable' };

function valueAt(row: Typed, path: readonly string[]): Value {
  let found: readonly Typed[] = [row];
  let isList = false;
  for (const step of path) {
    const [only] = found;
    if (step.startsWith('@')) return attributeAt(found, step.slice(1));
    if (found.length === 1 && only !== undefined && isNil(only)) return { kind: 'nil' };
    if (!found.every((one) => isBlank(one.element))) return { kind: 'unreadable' };
    found = found.flatMap((one) => elementsIn(one, step));
    if (found.length === 0) return { kind: 'absent' };
    isList ||=
      found.some((one) => one.repeats === true) || (found.length > 1 && found.every((o) => o.repeats === null));
  }
  const values = found.map(valueOf);
  const [value] = values;
  if (value !== undefined && values.length === 1 && (!isList || value.kind === 'nil')) return value;
  if (!isList) return { kind: 'unreadable' };
  const texts = values.flatMap((one) => (one.kind === 'text' ? [one.text] : []));
  return texts.length === values.length ? { kind: 'list', texts } : { kind: 'unreadable' };
}

function valueOf(one: Typed): Value {
  const { element, type } = one;
  if (element.children.length > 0) return { kind: 'unreadable' };
  if (isNil(one)) return isBlank(element) ? { kind: 'nil' } : { kind: 'unreadable' };
  const isPlain = collapses(type) || collapses(saidType(element));
  return { kind: 'text', text: isPlain ? collapsed(element.text) : element.text };
}

/** The text without the white space around it that XML knows: others, such as U+3000, are characters like any. */
function collapsed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && ' \t\r\n'.includes(text[start] ?? '')) start += 1;
  while (end > start && ' \t\r\n'.includes(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
}

/** The type of XML Schema's own that the element says it is of. Its prefix is not looked up: other types are seldom called so. */
function saidType(element: XmlElement): string | null {
  return attributeOf(element, 'type', xsi);
}

function attributeAt([only, ...others]: readonly Typed[], written: string): Value {
  if (only === undefined || others.length > 0) return { kind: 'unreadable' };
  const { name, namespace } = named(written);
  const value = attributeOf(only.element, name, namespace ?? '');
  return value === null ? { kind: 'absent' } : { kind: 'text', text: value };
}

/** The elements of this name inside. Throws `Unread` where there are others of that name in another namespace. */
function elementsIn({ element, type }: Typed, step: string): readonly Typed[] {
  const { name, namespace } = named(step);
  const found = element.children.filter(
    (child) => child.name === name && (namespace === null || child.namespace === namespace),
  );
  const [first] = found;
  if (found.some((one) => one.namespace !== first?.namespace))
    throw new Unread('has elements of one name in several namespaces');
  const inside = typeInside(type, name);
  return found.map((child) => ({ element: child, ...inside }));
}

/** A name as a declaration writes it: `name`, or `{namespace}name`. */
function named(written: string): { name: string; namespace: string | null } {
  const end = written.startsWith('{') ? written.indexOf('}') : -1;
  return end < 0
    ? { name: written, namespace: null }
    : { name: written.slice(end + 1), namespace: written.slice(1, end) };
}

function isNil({ element }: Typed): boolean {
  const nil = attributeOf(element, 'nil', xsi)?.trim();
  return nil === 'true' || nil === '1';
}

function isHollow({ element }: Typed): boolean {
  return element.children.length === 0 && isBlank(element) && element.attributes.every((one) => one.namespace === xsi);
}

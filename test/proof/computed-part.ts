import type { GivenRecord, RelationShape } from '../../src/connector/connector.ts';
import type { FieldModel, RecordModel, Selection, TypeModel } from './model.ts';
import { selectionText } from './query-text.ts';
import { valueField } from './value-field.ts';

/*
 * A part that is computed from another record: it says all that the gate gave of that, so that whatever should not have
 * been given shows.
 */

const leaf = (name: string, key: string = name, sub: readonly Selection[] = []): Selection => ({
  kind: 'field',
  name,
  key,
  args: {},
  when: null,
  sub,
});

/** What is asked of the record: its number, some values, how they were judged, and what one of its relations finds. */
export function computedFrom(to: string, fields: readonly FieldModel[]): Selection[] {
  const named = to === 'Ticket' ? ['ticketNo', 'status', 'address'] : ['no', 'state', 'phone'];
  const [who, remark] = to === 'Ticket' ? ['reporterName', 'content'] : ['name', 'remark'];
  const below = fields.find(({ holds }) => holds.kind === 'relation' && holds.declaration.shape.kind === 'list');
  const target = below?.holds.kind === 'relation' ? below.holds.declaration.to : null;
  const nested = target === 'Ticket' ? [leaf('ticketNo'), leaf('code')] : [leaf('no'), leaf('code')];
  return [
    ...named.map((name) => leaf(name)),
    leaf(who ?? ''),
    leaf(remark ?? ''),
    ...(below === undefined ? [] : [leaf(below.name, 'below', nested)]),
    leaf('access', 'access', [leaf('field'), leaf('status'), leaf('rule')]),
  ];
}

export function computedShape(selects: readonly Selection[]): Extract<RelationShape, { kind: 'computed' }> {
  const text = `{ ${selects.map(selectionText).join(' ')} }`;
  return { kind: 'computed', selection: () => text, compute: (given) => partFrom(given) };
}

/** The part of a record as it was given. */
export function partFrom(given: GivenRecord): RecordModel {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    told: JSON.stringify(inOrder(given)),
    who: text(given['name'] ?? given['reporterName']),
    remark: text(given['remark'] ?? given['content']),
  };
}

/** Members by their names, and how fields were judged by theirs: neither order means anything. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    const judged = value.every((v: unknown) => typeof v === 'object' && v !== null && 'status' in v);
    const members = value.map(inOrder);
    return judged ? members.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : members;
  }
  if (typeof value !== 'object' || value === null) return value;
  // The type's name goes without saying, and nothing is disputed in these worlds.
  const said = Object.entries(value).filter(([name]) => name !== '__typename' && name !== 'disputed');
  const entries = said.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, of]) => [name, inOrder(of)]));
}

export function computedType(name: string, owner: string): TypeModel {
  const of = (field: string, kind: 'text' | 'name' | 'freeText'): FieldModel =>
    valueField(name, field, owner, kind, 'CONDITIONAL');
  const fields = [of('told', 'text'), of('who', 'name'), of('remark', 'freeText')];
  return { name, owner, role: 'part', key: '', order: [], fields };
}

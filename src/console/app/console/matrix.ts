import type { Label } from '../shared/label.ts';
import { isRecord } from '../shared/is-record.ts';
import type { ListNode, RecordNode, SectionShape, ShapeNode, ValueNode } from './shape.ts';

export const fieldStatuses = ['ALLOWED', 'MASKED', 'DENIED', 'UNAVAILABLE', 'EMPTY'] as const;
export type FieldStatus = (typeof fieldStatuses)[number];

/** What one caller has of one field. */
export type Cell =
  | { readonly kind: 'field'; readonly status: FieldStatus; readonly value: unknown; readonly rule: string | null }
  /** The record is not among those that this caller was given. */
  | { readonly kind: 'unlisted' }
  /** There is no answer for this caller, or none yet. */
  | { readonly kind: 'none' };

/** One field across the callers. */
export interface FieldRow {
  readonly kind: 'field';
  readonly id: string;
  readonly label: Label;
  readonly node: ValueNode | null;
  readonly cells: readonly Cell[];
}

/** The start of one record's rows. */
export interface HeadingRow {
  readonly kind: 'heading';
  readonly id: string;
  readonly label: Label;
  /** The record's number, or its place in the list where the number says nothing. */
  readonly title: string;
  readonly depth: number;
}

/** One step of a timeline across the callers. */
export interface EntryRow {
  readonly kind: 'entry';
  readonly id: string;
  readonly label: Label;
  readonly place: number;
  /** The values that name the step, from the first caller that was given them plainly. */
  readonly headline: readonly { readonly node: ValueNode; readonly value: unknown }[];
  readonly fields: readonly FieldRow[];
}

export type Row = FieldRow | HeadingRow | EntryRow;

export interface Section {
  readonly id: string;
  readonly label: Label;
  readonly rows: readonly Row[];
}

/** One caller's ticket as the hub gave it; null where it gave none. */
export type CallerTicket = Readonly<Record<string, unknown>> | null;

/** A record of one caller, or why there is none: the cell says it for every field below. */
type Held = { readonly record: Readonly<Record<string, unknown>> } | { readonly cell: Cell };

/** Lines the callers' answers up: fields down, callers across, records that are the same on the same rows. */
export function matrix(shapes: readonly SectionShape[], tickets: readonly CallerTicket[]): readonly Section[] {
  const held = tickets.map((ticket): Held => (ticket === null ? { cell: { kind: 'none' } } : { record: ticket }));
  return shapes.map(({ id, label, nodes }) => ({ id, label, rows: rowsOf(nodes, held, id, 0) }));
}

/** Whether callers that have an answer got different ones. */
export function differs(row: FieldRow): boolean {
  const told = row.cells.filter((cell) => cell.kind !== 'none');
  return new Set(told.map((c) => (c.kind === 'field' ? JSON.stringify([c.status, c.value]) : c.kind))).size > 1;
}

function rowsOf(nodes: readonly ShapeNode[], held: readonly Held[], id: string, depth: number): readonly Row[] {
  return nodes.flatMap((node): readonly Row[] => {
    const own = `${id}.${node.field}`;
    switch (node.kind) {
      case 'value':
        return [fieldRow(node, held, own)];
      case 'record':
        return recordRows(node, held, own, depth);
      case 'list':
        return listRows(node, held, own, depth);
    }
  });
}

function fieldRow(node: ShapeNode, held: readonly Held[], id: string): FieldRow {
  const cells = held.map((h) => ('cell' in h ? h.cell : cellOf(h.record, node.field)));
  return { kind: 'field', id, label: node.label, node: node.kind === 'value' ? node : null, cells };
}

function recordRows(node: RecordNode, held: readonly Held[], id: string, depth: number): readonly Row[] {
  const next = held.map((h): Held => {
    if ('cell' in h) return h;
    const value = h.record[node.field];
    return isRecord(value) ? { record: value } : { cell: closed(h.record, node.field) };
  });
  // Where nobody has the record, its fields would all repeat the same word.
  return next.some((h) => 'record' in h) ? rowsOf(node.nodes, next, id, depth) : [fieldRow(node, next, id)];
}

function listRows(node: ListNode, held: readonly Held[], id: string, depth: number): readonly Row[] {
  const lists = held.map((h) => ('cell' in h ? null : keyed(h.record[node.field], node.keys)));
  const keys = [...new Set(lists.flatMap((list) => (list === null ? [] : [...list.keys()])))];
  const closedHeld = held.map((h): Held => ('cell' in h ? h : { cell: closed(h.record, node.field) }));
  if (keys.length === 0) return [fieldRow(node, closedHeld, id)];
  return keys.flatMap((key, place): readonly Row[] => {
    const next = lists.map((list, caller): Held => {
      const record = list?.get(key);
      if (record !== undefined) return { record };
      const cell = closedHeld[caller];
      return list === null || list === undefined
        ? (cell ?? { cell: { kind: 'none' } })
        : { cell: { kind: 'unlisted' } };
    });
    const own = `${id}.${key}`;
    if (node.layout === 'entries') {
      const fields = rowsOf(node.nodes, next, own, depth).filter((row) => row.kind === 'field');
      return [
        { kind: 'entry', id: own, label: node.label, place: place + 1, headline: headlineOf(node, fields), fields },
      ];
    }
    const title = key.startsWith('#') ? String(place + 1) : key;
    return [{ kind: 'heading', id: own, label: node.label, title, depth }, ...rowsOf(node.nodes, next, own, depth + 1)];
  });
}

function headlineOf(node: ListNode, fields: readonly FieldRow[]): EntryRow['headline'] {
  return node.headline.flatMap((name) => {
    const row = fields.find((field) => field.node?.field === name);
    const cell = row?.cells.find((c) => c.kind === 'field' && c.status === 'ALLOWED');
    return row?.node && cell?.kind === 'field' ? [{ node: row.node, value: cell.value }] : [];
  });
}

/** The records by their keys, in the order given; null where there are none. A record that hides its key has its place. */
function keyed(
  list: unknown,
  ways: readonly (readonly string[])[],
): ReadonlyMap<string, Readonly<Record<string, unknown>>> | null {
  const records = Array.isArray(list) ? list.filter(isRecord) : [];
  if (records.length === 0) return null;
  const byKey = new Map<string, Readonly<Record<string, unknown>>>();
  records.forEach((record, place) => {
    const key = keyOf(record, ways) ?? `#${place + 1}`;
    // Of two that nothing tells apart none may be lost.
    byKey.set(byKey.has(key) ? `${key} #${place + 1}` : key, record);
  });
  return byKey;
}

function keyOf(record: Readonly<Record<string, unknown>>, ways: readonly (readonly string[])[]): string | null {
  const ends = ways.map((way) => way.reduce<unknown>((at, field) => (isRecord(at) ? at[field] : null), record));
  return ends.every((end) => typeof end === 'string') ? ends.join(' ') : null;
}

function cellOf(record: Readonly<Record<string, unknown>>, field: string): Cell {
  const value = record[field] ?? null;
  const access: readonly unknown[] = Array.isArray(record['access']) ? record['access'] : [];
  const note = access.find((entry) => isRecord(entry) && entry['field'] === field);
  const status = isRecord(note) ? fieldStatuses.find((known) => known === note['status']) : undefined;
  const rule = isRecord(note) && typeof note['rule'] === 'string' ? note['rule'] : null;
  return { kind: 'field', status: status ?? (value === null ? 'EMPTY' : 'ALLOWED'), value, rule };
}

/** Why a relation leads to no record. A relation that was given and leads nowhere is empty. */
function closed(record: Readonly<Record<string, unknown>>, field: string): Cell {
  const cell = cellOf(record, field);
  if (cell.kind !== 'field') return cell;
  const given = cell.status === 'ALLOWED' || cell.status === 'MASKED';
  return { ...cell, value: null, status: given ? 'EMPTY' : cell.status };
}

import { describe, expect, test } from 'vitest';
import { countStatuses } from '../../src/console/app/console/count-statuses.ts';
import { differs, matrix, type Cell, type CallerTicket, type Row } from '../../src/console/app/console/matrix.ts';
import type { SectionShape, ShapeNode } from '../../src/console/app/console/shape.ts';
import { label } from '../../src/console/app/shared/label.ts';

const name = label('名称', 'Name');
const title: ShapeNode = { kind: 'value', field: 'title', label: name, format: 'text' };
const phone: ShapeNode = { kind: 'value', field: 'phone', label: name, format: 'text' };
const trace: ShapeNode = { kind: 'record', field: 'trace', label: name, nodes: [title] };
const workers: ShapeNode = {
  kind: 'list',
  field: 'workers',
  label: name,
  keys: [['no']],
  layout: 'rows',
  headline: [],
  nodes: [phone],
};
const steps: ShapeNode = { ...workers, field: 'steps', layout: 'entries', headline: ['phone'] };

describe('a value', () => {
  test('carries its status and grant; without a note, an empty value is empty', () => {
    const noted = { title: '林**', access: [{ field: 'title', status: 'MASKED', rule: 'hotline/x' }] };
    expect(told(title, [noted, { title: null, access: [denied('title')] }, { title: null }, { title: 'x' }])).toEqual({
      'ticket.title': ['MASKED 林** hotline/x', 'DENIED', 'EMPTY', 'ALLOWED x'],
    });
  });

  test('has no cell where the caller has no ticket, and that is no difference', () => {
    const [section] = matrix(shapeOf(title), [{ title: 'x' }, null]);
    expect(section?.rows.map((row) => row.kind === 'field' && differs(row))).toEqual([false]);
    expect(told(title, [{ title: 'x' }, null])).toEqual({ 'ticket.title': ['ALLOWED x', 'none'] });
  });
});

describe('a relation', () => {
  test('to a record that is denied denies each of its fields', () => {
    expect(told(trace, [{ trace: { title: 'x' } }, { trace: null, access: [denied('trace')] }])).toEqual({
      'ticket.trace.title': ['ALLOWED x', 'DENIED'],
    });
  });

  test('that nobody has is one row', () => {
    const down = { trace: null, access: [{ field: 'trace', status: 'UNAVAILABLE', rule: null }] };
    expect(told(trace, [down, { trace: null, access: [denied('trace')] }])).toEqual({
      'ticket.trace': ['UNAVAILABLE', 'DENIED'],
    });
  });
});

describe('a list', () => {
  test('keeps records that nothing tells apart, and those that differ in one part of the key', () => {
    const visits: ShapeNode = { ...workers, keys: [['no'], ['at']] };
    const records = [
      { no: 'W1', at: '1', phone: 'a' },
      { no: 'W1', at: '2', phone: 'b' },
      { no: 'W1', at: '2', phone: 'c' },
      { no: 'W1', at: null, phone: 'd' },
    ];
    expect(told(visits, [{ workers: records }])).toMatchObject({
      'ticket.workers.W1 1.phone': ['ALLOWED a'],
      'ticket.workers.W1 2.phone': ['ALLOWED b'],
      'ticket.workers.W1 2 #3.phone': ['ALLOWED c'],
      'ticket.workers.#4.phone': ['ALLOWED d'],
    });
  });

  const one = { workers: [{ no: 'W1', phone: '1' }] };
  const two = {
    workers: [
      { no: 'W2', phone: '2' },
      { no: 'W1', phone: null, access: [denied('phone')] },
    ],
  };

  test('lines the same records up, whatever their order, and tells a record that is not listed', () => {
    expect(told(workers, [one, two])).toEqual({
      'ticket.workers.W1': 'heading W1',
      'ticket.workers.W1.phone': ['ALLOWED 1', 'DENIED'],
      'ticket.workers.W2': 'heading W2',
      'ticket.workers.W2.phone': ['unlisted', 'ALLOWED 2'],
    });
  });

  test('that is denied, or really empty, says so beside those that have it', () => {
    const empty = { workers: [], access: [{ field: 'workers', status: 'EMPTY', rule: 'grid/own' }] };
    expect(told(workers, [one, { workers: null, access: [denied('workers')] }, empty])).toEqual({
      'ticket.workers.W1': 'heading W1',
      'ticket.workers.W1.phone': ['ALLOWED 1', 'DENIED', 'EMPTY grid/own'],
    });
  });

  test('of steps makes a row a step, named by what is given plainly', () => {
    const masked = { no: 'S1', phone: '*', access: [{ field: 'phone', status: 'MASKED', rule: 'r' }] };
    const [section] = matrix(shapeOf(steps), [{ steps: [masked] }, { steps: [{ no: 'S1', phone: '1' }] }]);
    const entry = section?.rows[0];
    expect(entry?.kind === 'entry' && [entry.place, entry.headline.map((h) => h.value)]).toEqual([1, ['1']]);
  });
});

test('counts each caller’s fields by status', () => {
  const sections = matrix(
    [{ id: 'ticket', label: name, nodes: [title, workers] }],
    [{ title: 'x', workers: [{ no: 'W1', phone: null, access: [denied('phone')] }] }, null],
  );
  expect([countStatuses(sections, 0), countStatuses(sections, 1)]).toEqual([
    { ALLOWED: 1, MASKED: 0, DENIED: 1, UNAVAILABLE: 0, EMPTY: 0 },
    { ALLOWED: 0, MASKED: 0, DENIED: 0, UNAVAILABLE: 0, EMPTY: 0 },
  ]);
});

function denied(field: string): object {
  return { field, status: 'DENIED', rule: null };
}

function shapeOf(node: ShapeNode): readonly SectionShape[] {
  return [{ id: 'ticket', label: name, nodes: [node] }];
}

/** The matrix of one node as texts: each row's cells by its id. */
function told(node: ShapeNode, tickets: readonly CallerTicket[]): Record<string, string | string[]> {
  const rows = matrix(shapeOf(node), tickets).flatMap((section) => section.rows);
  return Object.fromEntries(rows.map((row) => [row.id, textOf(row)]));
}

function textOf(row: Row): string | string[] {
  switch (row.kind) {
    case 'heading':
      return `heading ${row.title}`;
    case 'entry':
      return `entry ${row.place}`;
    case 'field':
      return row.cells.map((cell) => cellText(cell));
  }
}

function cellText(cell: Cell): string {
  if (cell.kind !== 'field') return cell.kind;
  return [cell.status, cell.value, cell.rule].filter((part) => part !== null).join(' ');
}

import type { CaseDeclaration, RootDeclaration, SortKey } from '../../src/connector/connector.ts';
import { typeOf, unreadable, type ArgumentValue, type RecordModel, type Selection, type TypeModel } from './model.ts';
import type { ReferenceRun } from './reference-answer.ts';
import { referenceTruth } from './reference-condition.ts';
import { byOrder, type Found } from './reference-records.ts';
import { referenceStatistics } from './reference-statistics.ts';
import { alwaysPlain, mayMatch, plainForSure, knownRows, usableInFilter, usableInMatch } from './reference-verdict.ts';

type RootSelection = Extract<Selection, { kind: 'field' }>;
type Page = Extract<RootDeclaration, { kind: 'page' }>;
type Lookup = Extract<RootDeclaration, { kind: 'lookup' }>;

const unled = { ticket: null, exact: true } as const;

/** What a root field should answer: docs/policy.md on row rules, need to know and filters. */
export function referenceRoot(root: RootSelection, run: ReferenceRun): unknown {
  if (root.name === 'myCases') return cases(root, run);
  const counted = run.world.schema.statistics.find((s) => s.field === root.name);
  if (counted !== undefined) return referenceStatistics(root, counted, run);
  const declaration = run.world.schema.roots.find((r) => r.field === root.name);
  if (declaration === undefined) throw new TypeError(`there is no root ${root.name}`);
  switch (declaration.kind) {
    case 'lookup':
      return lookup(root, declaration, run);
    case 'byKeys':
      return byKeys(root, declaration.type, texts(root.args[declaration.argument]), run);
    case 'page':
      return page(root, declaration, run);
  }
}

function fail(run: ReferenceRun, code: string, ...path: readonly (string | number)[]): null {
  run.notes.add(`${code} @${path.join('.')}`);
  run.met.add(`refused ${code}`);
  return null;
}

function texts(value: ArgumentValue | undefined): readonly string[] {
  if (value?.kind === 'enum') return [value.value];
  if (value?.kind !== 'value') return [];
  return typeof value.value === 'string'
    ? [value.value]
    : typeof value.value === 'number'
      ? [String(value.value)]
      : value.value;
}

function isRecord(run: ReferenceRun, type: TypeModel, key: string): RecordModel | undefined {
  return run.records.all(type.name).find((r) => r[type.key] === key);
}

function lookup(root: RootSelection, declaration: Lookup, run: ReferenceRun): unknown {
  const type = typeOf(run.world.schema, declaration.type);
  const [key = ''] = texts(root.args[declaration.argument]);
  const { ticket, role, purpose, grids, areas } = run.caller;
  const record = isRecord(run, type, key);
  const give = (found: Found | null | undefined): unknown => {
    const object = found === null || found === undefined ? null : run.object(found, root.sub);
    return object ?? fail(run, 'NOT_FOUND', root.key);
  };
  if (declaration.binding === 'self') {
    if (ticket !== null && ticket !== key) return fail(run, 'TICKET_MISMATCH', root.key);
    if (record !== undefined && run.records.found(type, record, unled, false) === null) run.met.add('hidden records');
    return give(record === undefined ? null : run.records.found(type, record, unled, false));
  }
  if (ticket !== null) {
    run.met.add('lookups through a ticket');
    return give(throughTicket(type, key, ticket, run));
  }
  const own = declaration.binding === 'ticketOrOwnGrid' && role === 'GRID_WORKER';
  if (!own && purpose !== 'AUDIT' && purpose !== 'SUPERVISION') return fail(run, 'TICKET_REQUIRED', root.key);
  const inArea = referenceTruth(
    'inOwnArea',
    { type: type.name, record: record ?? {}, ...unled },
    { ...run.caller, areas },
  );
  const within = record !== undefined && (own ? grids.includes(key) : inArea === true);
  return give(within ? run.records.found(type, record, unled, false) : null);
}

/** The record, if the ticket of the header really joins it by a relation that the caller may follow. */
function throughTicket(type: TypeModel, key: string, ticketNo: string, run: ReferenceRun): Found | null {
  const tickets = typeOf(run.world.schema, 'Ticket');
  const record = isRecord(run, tickets, ticketNo);
  const ticket = record === undefined ? null : run.records.found(tickets, record, unled, false);
  if (ticket === null) {
    const hidden: Found | null =
      record === undefined ? null : { type: tickets.name, record, ...unled, stored: [tickets.name, ticketNo] };
    const sometimes = knownRows(tickets.name, run.caller, run.world).length > 0;
    if (hidden !== null && sometimes && joinedBy(hidden, type, key, run) !== null)
      run.met.add('lookups that a hidden ticket would open');
    return null;
  }
  const found = joinedBy(ticket, type, key, run);
  if (found !== null) run.met.add('lookups that a ticket opens');
  return found;
}

function joinedBy(ticket: Found, type: TypeModel, key: string, run: ReferenceRun): Found | null {
  for (const field of relationsOf(typeOf(run.world.schema, 'Ticket'), run)) {
    if (field.holds.kind !== 'relation' || field.holds.declaration.to !== type.name) continue;
    if (run.verdict(field, ticket).kind !== 'plain') continue;
    const found = run.records.matches(field.holds.declaration, ticket, Infinity).find((m) => m.found.stored[1] === key);
    if (found !== undefined) return found.found;
  }
  return null;
}

/** The ticket's relations in the order in which their agencies declare them. */
function relationsOf(tickets: TypeModel, run: ReferenceRun): TypeModel['fields'] {
  return run.world.schema.agencies.flatMap((agency) => tickets.fields.filter((f) => f.owner === agency));
}

function byKeys(root: RootSelection, typeName: string, keys: readonly string[], run: ReferenceRun): unknown {
  const type = typeOf(run.world.schema, typeName);
  return keys.map((key, i) => {
    const record = isRecord(run, type, key);
    const found = record === undefined ? null : run.records.found(type, record, unled, false);
    if (record !== undefined && found === null) run.met.add('hidden records');
    return (found === null ? null : run.object(found, root.sub)) ?? fail(run, 'NOT_FOUND', root.key, i);
  });
}

function page(root: RootSelection, declaration: Page, run: ReferenceRun): unknown {
  const type = typeOf(run.world.schema, declaration.type);
  if (knownRows(type.name, run.caller, run.world).length === 0) return fail(run, 'FIELD_DENIED', root.key);
  const open = (name: string): boolean =>
    type.fields.some((f) => f.name === name && alwaysPlain(f, run.caller, run.world));
  const order = orderOf(root, declaration, open);
  if (order === null) return fail(run, 'FIELD_DENIED', root.key);
  const filter = objectOf(root.args['filter']);
  if (Object.keys(filter).length > 0) run.met.add('filters');
  for (const one of declaration.filters) {
    const field = type.fields.find((f) => f.name === one.field);
    if (filter[one.argument] === undefined || field === undefined) continue;
    const usable =
      usableInFilter(field, run.caller, run.world) ||
      (one.test === 'in' && usableInMatch(field, run.caller, run.world));
    if (!usable) return fail(run, 'FIELD_DENIED', root.key);
  }
  const found = run.records.all(type.name).flatMap((record): Found[] => {
    const one = run.records.found(type, record, unled, false);
    if (one === null) {
      run.met.add('hidden records');
      return [];
    }
    return [one];
  });
  const passed = found.filter((one) =>
    declaration.filters.every((f) => filter[f.argument] === undefined || passes(one, f, filter[f.argument], run)),
  );
  const sorted = passed.toSorted((a, b) => byOrder(order)(a.record, b.record));
  // By what the caller sorts it reads, always plainly.
  for (const { field } of order) for (const one of found) run.show(one.stored, field);
  run.met.add('pages');
  const from = start(root.args['after'], sorted.length);
  const list = `${listOf(root)} ${JSON.stringify(order)}`;
  return run.connection(`${type.name}Connection`, list, sorted, { from, first: firstOf(root, 5) }, root.sub);
}

/** The list that the arguments ask for, of which there are pages: a cursor of one is none of another. */
function listOf({ name, args }: RootSelection): string {
  const { first: _first, after: _after, ...asked } = args;
  return `${name} ${JSON.stringify(asked)}`;
}

function firstOf(root: RootSelection, preset: number): number {
  return root.args['first']?.kind === 'value' ? Number(root.args['first'].value) : preset;
}

/** Where the page begins: behind the record of that place. A place that the list does not have is not asked for. */
export function start(after: ArgumentValue | undefined, length: number): number {
  return after?.kind === 'afterPlace' && after.place < length ? after.place + 1 : 0;
}

function objectOf(value: ArgumentValue | undefined): Readonly<Record<string, ArgumentValue>> {
  return value?.kind === 'object' ? value.fields : {};
}

function orderOf(root: RootSelection, declaration: Page, open: (field: string) => boolean): readonly SortKey[] | null {
  const key = declaration.order.at(-1);
  if (key === undefined) throw new TypeError('a page without order');
  const asked = objectOf(root.args['orderBy']);
  const [direction] = texts(asked['direction']);
  if (direction === undefined)
    return declaration.order.every((k) => k === key || open(k.field)) ? declaration.order : [key];
  const field = declaration.orders[texts(asked['field'])[0] ?? ''] ?? '';
  const by = direction === 'ASC' ? ('ASC' as const) : ('DESC' as const);
  return open(field)
    ? [
        { field, direction: by },
        { field: key.field, direction: by },
      ]
    : null;
}

/** A filter finds the records that give its field plainly. */
function passes(
  one: Found,
  { field: name, test }: Page['filters'][number],
  value: ArgumentValue | undefined,
  run: ReferenceRun,
): boolean {
  const field = typeOf(run.world.schema, one.type).fields.find((f) => f.name === name);
  if (field === undefined) return false;
  const seen = usableInFilter(field, run.caller, run.world) && plainForSure(field, one, run.caller, run.world);
  const matched =
    test === 'in' && usableInMatch(field, run.caller, run.world) && mayMatch(field, one, run.caller, run.world);
  if (!seen && !matched) return false;
  run.show(one.stored, name);
  const stored = one.record[name];
  if (typeof stored !== 'string' || stored === unreadable) return false;
  const [first = ''] = texts(value);
  switch (test) {
    case 'in':
    case 'is':
      return texts(value).includes(stored);
    case 'division':
      return (
        referenceTruth(
          'inOwnArea',
          { type: one.type, record: { divisionCode: stored }, ...unled },
          { ...run.caller, areas: [first] },
        ) === true
      );
    case 'from':
      return stored >= first.slice(0, stored.length);
    case 'before':
      return stored < first.slice(0, stored.length);
  }
}

/** The caller's cases: those of its grids, or those that its agency has to do with; the last changed first. */
function cases(root: RootSelection, run: ReferenceRun): unknown {
  run.met.add('cases');
  const [status] = texts(root.args['status']);
  const found = run.world.schema.cases.flatMap((one) =>
    run.records.all(one.type).flatMap((record): Found[] => {
      const of = run.records.found(typeOf(run.world.schema, one.type), record, unled, false);
      if (of === null) run.met.add('hidden records');
      return of !== null && isCase(of, one, status, run) ? [of] : [];
    }),
  );
  const place = (of: Found): string[] => {
    const one = run.world.schema.cases.find((c) => c.type === of.type);
    return [String(of.record[one?.changedAt ?? '']), of.type, of.stored[1]];
  };
  const sorted = found.toSorted((a, b) => {
    const [x, y] = [place(a).join('\0'), place(b).join('\0')];
    return x < y ? 1 : -1;
  });
  const from = start(root.args['after'], sorted.length);
  return run.connection('CaseConnection', listOf(root), sorted, { from, first: firstOf(root, 20) }, root.sub);
}

function isCase(
  of: Found,
  one: CaseDeclaration & { readonly owner: string },
  status: string | undefined,
  run: ReferenceRun,
): boolean {
  const { fields } = typeOf(run.world.schema, of.type);
  const closedBy = one.type === 'Ticket' ? 'status' : 'state';
  const compared = [one.changedAt, ...(status === undefined ? [] : [closedBy])];
  for (const name of compared) {
    const field = fields.find((f) => f.name === name);
    if (field === undefined || !usableInFilter(field, run.caller, run.world)) return false;
    if (!plainForSure(field, of, run.caller, run.world)) return false;
    run.show(of.stored, name);
  }
  const { agency, role, grids } = run.caller;
  const grid = of.record[one.grid];
  if (role === 'GRID_WORKER') {
    if (typeof grid !== 'string' || !grids.includes(grid)) return false;
  } else if (agency !== one.owner) {
    const held = one.agencies.some(({ field, list }) => {
      const value = of.record[field];
      return list ? Array.isArray(value) && (value as readonly unknown[]).includes(agency) : value === agency;
    });
    if (!held) return false;
  }
  if (status === undefined) return true;
  const state = of.record[closedBy];
  if (state === unreadable) return false;
  const closed = one.type === 'Ticket' ? state === 'DONE' || state === 'VOID' : state !== 'OPEN';
  return closed === (status === 'CLOSED');
}

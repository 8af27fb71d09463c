import type { FieldMapping } from '../mapping.ts';
import type { MappedEntity } from '../source.ts';
import type { GraphqlArgument, GraphqlEntity, GraphqlKeys, GraphqlList } from './declaration.ts';
import { pathOf } from './read-row.ts';

type Wrong = (what: string) => never;

/** Throws `TypeError` for a declaration that could not work, or of which a part would never be used. */
export function checkDeclaration(entity: MappedEntity, remote: GraphqlEntity): void {
  const wrong: Wrong = (what) => {
    throw new TypeError(`${entity.type}: ${what}`);
  };
  const columns = new Set(Object.values(entity.mapping).flatMap((m) => m.columns));
  for (const column of [...Object.keys(remote.at ?? {}), ...Object.keys(remote.keys)])
    if (!columns.has(column)) wrong(`no field is read from the column ${column}`);
  checkPaths(
    [...columns].map((column) => pathOf(remote, column)),
    wrong,
  );
  checkList(remote.list, entity, wrong);
  for (const [column, keys] of Object.entries(remote.keys)) checkKeys(column, keys, remote.list, entity, wrong);
}

/** Each leads to a value of its own: to a field of fields nothing could be read. */
function checkPaths(paths: readonly (readonly string[])[], wrong: Wrong): void {
  const names = new Set(paths.map((path) => path.join(' ')));
  for (const path of paths) {
    if (path.length === 0 || !path.every(isName))
      wrong(`${path.join(' ')} is no way to a field: "at" says where it lies`);
    for (let i = 1; i < path.length; i += 1)
      if (names.has(path.slice(0, i).join(' ')))
        wrong(`${path.slice(0, i).join(' ')} is both a value and a way to others`);
  }
}

function checkKeys(column: string, keys: GraphqlKeys, list: GraphqlList, entity: MappedEntity, wrong: Wrong): void {
  if (!isCount(keys.most)) wrong(`a document for ${column} takes at least one key`);
  checkArgument(keys.argument, keys.kind === 'list', wrong);
  switch (keys.kind) {
    case 'list':
      if (keys.through !== undefined) checkList(keys.through, entity, wrong);
      checkTaken(keys.through ?? list, [keys.argument], wrong);
      return;
    case 'single':
      if (!isName(keys.field)) wrong(`${keys.field} is no field`);
  }
}

function checkList(list: GraphqlList, { mapping }: MappedEntity, wrong: Wrong): void {
  const { field, rows, filters = {}, order, paging } = list;
  for (const name of [field, ...rows]) if (!isName(name)) wrong(`${name} is no field`);
  for (const [column, { in: values, prefix, from, before, upTo }] of Object.entries(filters)) {
    if (!Object.values(mapping).some((m) => isCompared(m, column)))
      wrong(`no field is compared by the column ${column}`);
    for (const one of [values, prefix]) if (one !== undefined) checkArgument(one, true, wrong);
    for (const one of [from, before, upTo]) if (one !== undefined) checkArgument(one, false, wrong);
  }
  for (const name of Object.keys(order?.values ?? {}))
    for (const key of name.split(', ')) {
      const [sorted = '', direction] = key.split(' ');
      if (mapping[sorted] === undefined || (direction !== 'ASC' && direction !== 'DESC'))
        wrong(`the order ${name} is no list of fields, each with ASC or DESC`);
    }
  for (const one of ownArguments(list)) checkArgument(one, false, wrong);
  checkTaken(
    list,
    Object.values(filters).flatMap((f) => [f.in, f.prefix, f.from, f.before, f.upTo]),
    wrong,
  );
  if (paging.kind === 'none') return;
  if (!isCount(paging.most)) wrong('a page has at least one row');
  if (paging.kind === 'relay' && rows.length === 0)
    wrong('pageInfo lies beside the rows, so that a field leads to them');
  if (paging.kind === 'offset' && paging.total !== undefined && (rows.length === 0 || !isName(paging.total)))
    wrong('total is a field beside the one that leads to the rows');
}

/** Arguments that pages and orders take for themselves. */
function ownArguments({ order, paging }: GraphqlList): GraphqlArgument[] {
  const sorted = order === undefined ? [] : [order.argument];
  switch (paging.kind) {
    case 'none':
      return sorted;
    case 'offset':
      return [...sorted, paging.offset, paging.limit];
    case 'relay':
      return [...sorted, { name: 'first', type: 'Int' }, { name: 'after', type: 'String' }];
  }
}

/** One argument with two meanings would be given twice in one call. */
function checkTaken(list: GraphqlList, others: readonly (GraphqlArgument | undefined)[], wrong: Wrong): void {
  const own = ownArguments(list).map((a) => a.name);
  const taken = [...own, ...others.flatMap((a) => (a === undefined ? [] : [a.name]))];
  for (const name of own)
    if (taken.filter((t) => t === name).length > 1) wrong(`the argument ${name} has two meanings`);
}

function checkArgument({ name, type }: GraphqlArgument, takesList: boolean, wrong: Wrong): void {
  const form = takesList ? /^\[[_A-Za-z]\w*!?\]!?$/ : /^[_A-Za-z]\w*!?$/;
  if (!isName(name) || !form.test(type))
    wrong(`the argument ${name}: ${type} does not take ${takesList ? 'a list' : 'one value'}`);
}

function isCompared({ columns, write }: FieldMapping, column: string): boolean {
  return write !== undefined && columns.length === 1 && columns[0] === column;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

/** As GraphQL names fields and arguments (October 2021, 2.1.9). */
function isName(text: string): boolean {
  return /^[_A-Za-z][_0-9A-Za-z]*$/.test(text);
}

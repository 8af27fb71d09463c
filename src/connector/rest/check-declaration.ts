import type { FieldMapping } from '../mapping.ts';
import type { MappedEntity } from '../source.ts';
import type { RestCall, RestEntity, RestKeys } from './declaration.ts';

/** Throws `TypeError` for a declaration that could not work, or of which a part would never be used. */
export function checkDeclaration(entity: MappedEntity, rest: RestEntity): void {
  const wrong = (what: string): never => {
    throw new TypeError(`${entity.type}: ${what}`);
  };
  const columns = new Set(Object.values(entity.mapping).flatMap((m) => m.columns));
  for (const column of [...Object.keys(rest.at ?? {}), ...Object.keys(rest.keys)])
    if (!columns.has(column)) wrong(`no field is read from the column ${column}`);
  checkCall(rest.list, entity, wrong);
  for (const [column, keys] of Object.entries(rest.keys)) checkKeys(column, keys, entity, rest.list, wrong);
}

type Wrong = (what: string) => never;

function checkKeys(column: string, keys: RestKeys, entity: MappedEntity, list: RestCall, wrong: Wrong): void {
  // Addresses stand in the logs of everything on the way.
  const isPersonal = Object.values(entity.mapping).some((m) => m.number !== undefined && m.columns[0] === column);
  if (isPersonal && (keys.kind === 'single' || (keys.call ?? list).method !== 'POST'))
    wrong(`personal numbers of ${column} are asked for by POST in a batch, never in an address`);
  switch (keys.kind) {
    case 'batch':
      if (!isCount(keys.most)) wrong(`a call for ${column} takes at least one key`);
      if (keys.call !== undefined) checkCall(keys.call, entity, wrong);
      return;
    case 'single':
      if (!isCount(keys.sideBySide)) wrong(`at least one call for ${column} is made at a time`);
      if (!isPath(keys.path) || keys.path.split('{key}').length !== 2)
        wrong(`the path for ${column} begins with / and has {key} once`);
  }
}

function checkCall({ method, path, filters = {}, order, paging }: RestCall, entity: MappedEntity, wrong: Wrong): void {
  if (!isPath(path)) wrong(`the path ${path} begins with / and has no query`);
  for (const column of Object.keys(filters))
    if (!Object.values(entity.mapping).some((m) => isCompared(m, column)))
      wrong(`no field is compared by the column ${column}`);
  for (const name of Object.keys(order?.values ?? {}))
    for (const key of name.split(', ')) {
      const [field = '', direction] = key.split(' ');
      if (entity.mapping[field] === undefined || (direction !== 'ASC' && direction !== 'DESC'))
        wrong(`the order ${name} is no list of fields, each with ASC or DESC`);
    }
  if (paging.kind === 'none') return;
  if (!isCount(paging.most)) wrong('a page has at least one row');
  if (paging.kind === 'link' && method !== 'GET') wrong('a link leads to a page by GET');
}

function isCompared({ columns, write }: FieldMapping, column: string): boolean {
  return write !== undefined && columns.length === 1 && columns[0] === column;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function isPath(path: string): boolean {
  return path.startsWith('/') && !/[?#]/.test(path);
}

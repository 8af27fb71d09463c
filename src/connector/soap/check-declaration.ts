import type { MappedEntity } from '../source.ts';
import type { SoapCall, SoapEntity } from './declaration.ts';

/** Throws `TypeError` for a declaration that could not work, or of which a part would never be used. */
export function checkDeclaration(entity: MappedEntity, soap: SoapEntity): void {
  const wrong = (what: string): never => {
    throw new TypeError(`${entity.type}: ${what}`);
  };
  const columns = new Set(Object.values(entity.mapping).flatMap((m) => m.columns));
  for (const column of [...Object.keys(soap.at ?? {}), ...Object.keys(soap.keys)])
    if (!columns.has(column)) wrong(`no field is read from the column ${column}`);
  for (const [column, path] of Object.entries(soap.at ?? {})) {
    if (path.length === 0) wrong(`the place of ${column} leads to no element`);
    if (path.slice(0, -1).some(isAttribute)) wrong(`the place of ${column}: an attribute holds no elements`);
  }
  checkCall(soap.list, entity, wrong);
  for (const [column, { element, most, call }] of Object.entries(soap.keys)) {
    if (!isCount(most)) wrong(`a call for ${column} takes at least one key`);
    checkAsked(element, wrong);
    if (call !== undefined) checkCall(call, entity, wrong);
  }
}

type Wrong = (what: string) => never;

function checkCall({ rows, columns, filters = {}, paging }: SoapCall, entity: MappedEntity, wrong: Wrong): void {
  if (rows.some(isAttribute)) wrong(`${rows.join('/')}: an attribute holds no rows`);
  if (columns !== undefined) checkAsked(columns, wrong);
  for (const [column, { in: among, from, before }] of Object.entries(filters)) {
    if (!Object.values(entity.mapping).some((m) => m.write !== undefined && m.columns.join() === column))
      wrong(`no field is compared by the column ${column}`);
    for (const path of [among, from, before]) if (path !== undefined) checkAsked(path, wrong);
  }
  if (paging.kind === 'none') return;
  if (!isCount(paging.most)) wrong('a page has at least one row');
  checkAsked(paging.page, wrong);
  checkAsked(paging.size, wrong);
}

/** The path of an element in a request, whose namespaces the WSDL knows. */
function checkAsked(path: readonly string[], wrong: Wrong): void {
  if (path.length === 0) wrong('a path of a request leads to no element');
  for (const step of path) if (!/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(step)) wrong(`${step} is no element of a request`);
}

function isAttribute(step: string): boolean {
  return step.startsWith('@');
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

import type { Row } from '../rows/row-wire.ts';
import { spellings, type RowTest } from '../simulate/row-store.ts';
import type { MappedEntity, Simulation } from '../source.ts';
import type { SoapCall, SoapEntity, SoapService } from './declaration.ts';
import { nameOf } from './message.ts';
import { typeInside, type SchemaType } from './operation.ts';
import { WrittenElement } from './written-element.ts';
import type { XmlElement } from './xml-element.ts';

/** What a simulated service answers to this request; null where it does not know the operation. */
export function simulatedAnswer(
  operation: string,
  type: SchemaType,
  request: XmlElement,
  { entities, rows }: Simulation,
  service: SoapService,
): WrittenElement | null {
  for (const entity of entities) {
    const soap = service.entities[entity.type];
    if (soap === undefined) continue;
    const keys = Object.entries(soap.keys).filter(([, k]) => (k.call ?? soap.list).operation === operation);
    const call = keys[0]?.[1].call ?? soap.list;
    if (call.operation !== operation) continue;
    const where = [
      ...keys.flatMap(([column, { element }]) => inTest(column, request, element)),
      ...testsOf(call, request),
    ];
    const asked = call.columns === undefined ? null : new Set(textsAt(request, call.columns));
    const response = new WrittenElement();
    const holder = response.at(call.rows.slice(0, -1));
    const rowType = call.rows.reduce((of, step) => typeInside(of, step).type, type);
    for (const row of select(request, where, call, entity, rows)) {
      const element = call.rows.length === 0 ? response : holder.add(call.rows.at(-1) ?? '');
      writeRow(element, row, soap, asked, rowType);
    }
    if (call.paging.kind === 'page' && call.paging.total !== undefined)
      response.at(call.paging.total).text(String(rows.count(entity.type, where)));
    return response;
  }
  return null;
}

function select(
  request: XmlElement,
  where: readonly RowTest[],
  { paging }: SoapCall,
  { type, key, mapping }: MappedEntity,
  rows: Simulation['rows'],
): Row[] {
  const [column] = mapping[key]?.columns ?? [];
  const orderBy = column === undefined ? [] : [{ column, direction: 'ASC' as const }];
  if (paging.kind === 'none') return rows.select(type, { where, orderBy });
  const size = Math.min(Number(textsAt(request, paging.size)[0] ?? paging.most), paging.most);
  const page = Number(textsAt(request, paging.page)[0] ?? paging.first) - paging.first;
  return rows.select(type, { where, orderBy, limit: size, offset: page * size });
}

function testsOf({ filters = {} }: SoapCall, request: XmlElement): RowTest[] {
  return Object.entries(filters).flatMap(([column, of]): RowTest[] => {
    const bound = (path: readonly string[] | undefined, op: '>=' | '<'): RowTest[] =>
      path === undefined ? [] : textsAt(request, path).map((value) => ({ column, op, value }));
    const among = of.in === undefined ? [] : inTest(column, request, of.in);
    return [...among, ...bound(of.from, '>='), ...bound(of.before, '<')];
  });
}

function inTest(column: string, request: XmlElement, path: readonly string[]): RowTest[] {
  const values = textsAt(request, path).flatMap(spellings);
  return values.length === 0 ? [] : [{ column, op: 'in', values }];
}

function textsAt(request: XmlElement, path: readonly string[]): readonly string[] {
  return path
    .reduce<readonly XmlElement[]>(
      (all, step) => all.flatMap((one) => one.children.filter(({ name }) => name === step)),
      [request],
    )
    .map(({ text }) => text);
}

/** The row as the service writes it: what is null is nil, or left out where the service does so. */
function writeRow(
  to: WrittenElement,
  row: Row,
  soap: SoapEntity,
  asked: ReadonlySet<string> | null,
  type: SchemaType,
): void {
  const { at = {}, omitsNulls = false } = soap;
  for (const [column, value] of Object.entries(row)) {
    if (asked !== null && !asked.has(nameOf(column, soap))) continue;
    const path = at[column] ?? [column];
    if ((value === null || value === undefined) && omitsNulls) continue;
    const last = path.at(-1) ?? column;
    const owner = to.at(path.slice(0, -1));
    if (last.startsWith('@')) {
      if (value !== null && value !== undefined) owner.attribute(last.slice(1), String(value));
      continue;
    }
    const ownerType = path.slice(0, -1).reduce((of, step) => typeInside(of, step).type, type);
    if (typeInside(ownerType, last).repeats === true) writeList(owner, last, String(value ?? '[]'));
    else if (value === null || value === undefined) owner.at([last]).nil();
    else owner.at([last]).text(String(value));
  }
}

/** A column that holds a list as JSON text, as the elements that it is; what is none, as what cannot be read. */
function writeList(owner: WrittenElement, name: string, json: string): void {
  const list = listIn(json);
  if (list === null) owner.add(name).add('none');
  else if (list.length === 0) owner.add(name).nil();
  else for (const one of list) owner.add(name).text(one);
}

function listIn(json: string): string[] | null {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list.map(String) : null;
  } catch {
    return null;
  }
}

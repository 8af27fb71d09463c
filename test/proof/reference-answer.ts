import type { MaskName } from '../../src/access/mask-name.ts';
import type { RelationDeclaration } from '../../src/connector/connector.ts';
import { applyMask } from '../../src/gate/masks.ts';
import { partFrom } from './computed-part.ts';
import {
  typeOf,
  unreadable,
  type CallerModel,
  type FieldModel,
  type QueryModel,
  type RecordModel,
  type Selection,
  type TypeModel,
  type WorldModel,
} from './model.ts';
import { referenceRoot } from './reference-roots.ts';
import { ReferenceRecords, type Found } from './reference-records.ts';
import type { CountedTable } from './reference-statistics.ts';
import { referenceVerdict, knownRows, type ReferenceVerdict } from './reference-verdict.ts';

type FieldSelection = Extract<Selection, { kind: 'field' }>;

/** What a query should answer, and what of the stored values it stands on. */
export interface ReferenceAnswer {
  readonly data: unknown;
  /** `DENIED Type.field`, `MASKED Type.field mask rule`, `UNAVAILABLE Type.field`, and the errors of roots: `CODE @path`. */
  readonly notes: ReadonlySet<string>;
  /** Stored values that show, plainly or masked, or that the caller's own filter may compare: `Type key field`. */
  readonly shown: ReadonlyMap<string, Shown>;
  /** Coordinates that were given somewhere. */
  readonly given: ReadonlySet<string>;
  /** The tables of counts that it holds. */
  readonly tables: readonly CountedTable[];
  /** The records that some table counts: `Type key`. */
  readonly counted: ReadonlySet<string>;
  /** What the case met, for the distribution. */
  readonly met: ReadonlySet<string>;
}

/** How a value shows; the mask, and the names and addresses that it takes out. */
export interface Shown {
  readonly mask: MaskName | null;
  readonly known: { readonly names: readonly string[]; readonly addresses: readonly string[] };
}

const nothingKnown: Shown['known'] = { names: [], addresses: [] };

/** Stands for the cursor of a record in a list: equal in equal places, different elsewhere. */
export interface CursorMark {
  readonly cursorIn: string;
  readonly key: string;
}

export const switches = { yes: true, no: false } as const;

/** What is known of one record's field, as `access` tells it. */
interface Outcome {
  readonly value: unknown;
  readonly status: 'ALLOWED' | 'MASKED' | 'DENIED' | 'UNAVAILABLE' | 'EMPTY';
  readonly rule: string | null;
}

export interface ReferenceSecrets {
  readonly join: Buffer;
  readonly pseudonym: Buffer;
}

/** Answers the query record by record, field by field, without plan or batch. */
export function referenceAnswer(
  query: QueryModel,
  caller: CallerModel,
  world: WorldModel,
  secrets: ReferenceSecrets,
): ReferenceAnswer {
  const run = new ReferenceRun(caller, world, secrets);
  const data = Object.fromEntries(query.roots.map((root) => [root.key, referenceRoot(root, run)]));
  const { notes, shown, given, tables, counted, met } = run;
  return { data, notes, shown, given, tables, counted, met };
}

export class ReferenceRun {
  readonly caller: CallerModel;
  readonly world: WorldModel;
  readonly records: ReferenceRecords;
  readonly notes = new Set<string>();
  readonly shown = new Map<string, Shown>();
  readonly given = new Set<string>();
  readonly tables: CountedTable[] = [];
  readonly counted = new Set<string>();
  readonly met = new Set<string>();
  readonly #pseudonymSecret: Buffer;

  constructor(caller: CallerModel, world: WorldModel, secrets: ReferenceSecrets) {
    this.caller = caller;
    this.world = world;
    this.records = new ReferenceRecords(world, caller, secrets.join);
    this.#pseudonymSecret = secrets.pseudonym;
  }

  show([type, key]: Found['stored'], field: string, shown: Shown = { mask: null, known: nothingKnown }): void {
    const spot = spotName(type, key, field);
    // What shows plainly in one place is not made secret by a mask in another.
    if (this.shown.get(spot)?.mask !== null || !this.shown.has(spot)) this.shown.set(spot, this.#weaker(spot, shown));
  }

  #weaker(spot: string, shown: Shown): Shown {
    const before = this.shown.get(spot);
    return before === undefined ||
      (before.mask === shown.mask && JSON.stringify(before.known) === JSON.stringify(shown.known))
      ? shown
      : { mask: null, known: nothingKnown };
  }

  verdict(field: FieldModel, on: Found): ReferenceVerdict {
    const verdict = referenceVerdict(field, on, this.caller, this.world);
    if (verdict.kind !== 'denied') this.given.add(`${field.type}.${field.name}`);
    return verdict;
  }

  /** One record's object; null where its own number may not show. */
  object(of: Found, selections: readonly Selection[]): Record<string, unknown> | null {
    const type = typeOf(this.world.schema, of.type);
    const asked = collect(selections, of.type);
    const access: { field: string; status: string; rule: string | null }[] = [];
    const object: Record<string, unknown> = {};
    const leaves = new Map<string, Outcome>();
    const places = written(selections, of.type);
    // Its number first: without it nothing is told of the record, wherever in the query it stands.
    const later = (name: string): number => (type.fields.some((f) => f.name === name && f.nonNull) ? 0 : places.length);
    const place = ({ name }: FieldSelection): number => places.indexOf(name) + later(name);
    const inOrder = asked.toSorted((a, b) => place(a) - place(b));
    for (const selection of inOrder) {
      const field = type.fields.find((f) => f.name === selection.name);
      if (field === undefined || field.holds.kind === 'relation' || field.holds.kind === 'parts') continue;
      const outcome = leaves.get(field.name) ?? this.#leaf(field, of);
      if (!leaves.has(field.name)) access.push({ field: field.name, status: outcome.status, rule: outcome.rule });
      leaves.set(field.name, outcome);
      if (field.nonNull && outcome.value === null) return null;
      object[selection.key] = outcome.value;
    }
    for (const selection of asked) {
      const field = type.fields.find((f) => f.name === selection.name);
      if (field === undefined || (field.holds.kind !== 'relation' && field.holds.kind !== 'parts')) continue;
      const outcome = this.#relation(field, of, selection);
      object[selection.key] = outcome.value;
      access.push({ field: field.name, status: outcome.status, rule: outcome.rule });
    }
    for (const { name, key, sub } of asked) {
      if (name === '__typename') object[key] = of.type;
      if (name === 'access')
        object[key] = access.map((entry) => Object.fromEntries(sub.map((s) => [keyOf(s), pickFrom(entry, nameOf(s))])));
    }
    return object;
  }

  #leaf(field: FieldModel, of: Found): Outcome {
    const coordinate = `${field.type}.${field.name}`;
    const verdict = this.verdict(field, of);
    if (verdict.kind === 'denied') {
      this.notes.add(`DENIED ${coordinate}`);
      this.met.add('denials');
      return { value: null, status: 'DENIED', rule: null };
    }
    const stored = of.record[field.name] ?? null;
    const known =
      verdict.kind === 'mask' && verdict.mask === 'redacted'
        ? { names: this.#names(of), addresses: this.#addresses(of) }
        : nothingKnown;
    this.show(of.stored, of.stored[0] === of.type ? field.name : 'parts', {
      mask: verdict.kind === 'mask' && of.stored[0] === of.type ? verdict.mask : null,
      known,
    });
    if (stored === unreadable) {
      this.notes.add(`UNAVAILABLE ${coordinate}`);
      this.met.add('unreadable');
      return { value: null, status: 'UNAVAILABLE', rule: null };
    }
    if (verdict.kind === 'mask') {
      this.notes.add(`MASKED ${coordinate} ${verdict.mask} ${verdict.rule}`);
      this.met.add('masks');
    }
    const { rule } = verdict;
    if (stored === null) return { value: null, status: 'EMPTY', rule };
    if (verdict.kind === 'plain')
      return { value: stored, status: Array.isArray(stored) && stored.length === 0 ? 'EMPTY' : 'ALLOWED', rule };
    const value = applyMask(verdict.mask, stored, { pseudonymKey: this.#pseudonymSecret, known });
    return { value, status: 'MASKED', rule };
  }

  /** The names that the record itself holds, and that of the reporter whose ticket led to it. */
  #names(of: Found): string[] {
    const own = typeOf(this.world.schema, of.type).fields.filter((f) => f.personal === 'NAME');
    const led = of.type === 'Ticket' ? null : of.ticket;
    const values = [...own.map((f) => of.record[f.name]), led?.['reporterName']];
    return values.filter((v): v is string => typeof v === 'string');
  }

  #addresses(of: Found): string[] {
    const own = typeOf(this.world.schema, of.type).fields.filter((f) => f.personal === 'ADDRESS');
    return own.map((f) => of.record[f.name]).filter((v): v is string => typeof v === 'string');
  }

  #relation(field: FieldModel, of: Found, { args, sub }: FieldSelection): Outcome {
    const coordinate = `${field.type}.${field.name}`;
    const verdict = this.verdict(field, of);
    const denied: Outcome = { value: null, status: 'DENIED', rule: null };
    if (verdict.kind === 'denied') {
      this.notes.add(`DENIED ${coordinate}`);
      this.met.add('denials');
      return denied;
    }
    const given = (value: unknown): Outcome => ({
      value,
      status: value === null || (Array.isArray(value) && value.length === 0) ? 'EMPTY' : 'ALLOWED',
      rule: verdict.rule,
    });
    if (field.holds.kind === 'parts') {
      this.show(of.stored, field.name);
      const parts = (of.record[field.name] ?? []) as readonly RecordModel[];
      const { of: type } = field.holds;
      return given(
        parts.map((record) => this.object({ ...of, ...below(of), type, record }, sub)).filter((o) => o !== null),
      );
    }
    if (field.holds.kind !== 'relation') throw new TypeError(`${coordinate} is no relation`);
    const { declaration, computes } = field.holds;
    const { shape, to } = declaration;
    if (shape.kind === 'embedded') {
      // The record in a match: it has been found already, and is judged as what it is.
      const record = of.record['node'] as unknown as RecordModel;
      const found = this.records.found(typeOf(this.world.schema, to), record, of, true);
      return given(found === null ? null : this.object(found, sub));
    }
    if (knownRows(to, this.caller, this.world).length === 0) {
      this.notes.add(`DENIED ${coordinate}`);
      this.met.add('denials');
      return denied;
    }
    this.met.add('relations');
    switch (shape.kind) {
      case 'instant':
        throw new TypeError(`${coordinate}: generated worlds hold no periods`);
      case 'computed':
        return given(this.#computed(declaration, computes, of, sub));
      case 'one':
      case 'list': {
        const matches = this.records.matches(declaration, of, shape.kind === 'list' ? shape.max : 1);
        for (const { match } of matches) if (match.fuzzy) this.met.add('fuzzy matches');
        const objects = matches.map((m) => this.object(m.found, sub)).filter((o) => o !== null);
        return given(shape.kind === 'list' ? objects : (objects[0] ?? null));
      }
      case 'match':
      case 'matches': {
        const matches = this.records.matches(declaration, of, shape.kind === 'matches' ? shape.max : 1);
        const objects = matches.map(({ found, match }) => {
          if (match.fuzzy) this.met.add('fuzzy matches');
          const record = { matchedBy: match.matchedBy, confidence: match.confidence, node: found.record };
          return this.object({ ...found, type: shape.wrapper, record: record as unknown as RecordModel }, sub);
        });
        const whole = objects.filter((o) => o !== null);
        return given(shape.kind === 'matches' ? whole : (whole[0] ?? null));
      }
      case 'connection': {
        this.met.add('connections');
        const found = this.records.matches(declaration, of, Infinity).map((m) => m.found);
        const order = this.records.order(typeOf(this.world.schema, to));
        const list = `${coordinate} ${JSON.stringify(order)}`;
        const first = args['first']?.kind === 'value' ? Number(args['first'].value) : 5;
        return given(this.connection(`${to}Connection`, list, found, { from: 0, first }, sub));
      }
    }
  }

  /** The part of what the caller would be given of the record, had it asked for that itself. */
  #computed(
    declaration: RelationDeclaration,
    computes: { readonly type: string; readonly selects: readonly Selection[] } | undefined,
    of: Found,
    sub: readonly Selection[],
  ): Record<string, unknown> | null {
    const [match] = this.records.matches(declaration, of, 1);
    if (match === undefined || computes === undefined) return null;
    const { found } = match;
    const record = this.object(found, computes.selects);
    if (record === null) return null;
    this.met.add('computed parts');
    return this.object({ ...found, ...below(found), type: computes.type, record: partFrom(record) }, sub);
  }

  /** A page of the list: what is asked of `nodes`, `edges`, `pageInfo` and `totalCount`. */
  connection(
    name: string,
    list: string,
    all: readonly Found[],
    { from, first }: { readonly from: number; readonly first: number },
    selections: readonly Selection[],
  ): Record<string, unknown> {
    const page = all.slice(from, from + first);
    const mark = (of: Found | undefined): CursorMark | null =>
      of === undefined ? null : { cursorIn: list, key: of.stored.join(' ') };
    const object: Record<string, unknown> = {};
    for (const { name: field, key, sub } of collect(selections, name)) {
      switch (field) {
        case '__typename':
          object[key] = name;
          break;
        case 'nodes':
          object[key] = page.map((of) => this.object(of, sub)).filter((o) => o !== null);
          break;
        case 'edges':
          object[key] = page.flatMap((of) => {
            const nodes = sub.map((s): [string, unknown] =>
              nameOf(s) === 'cursor' ? [keyOf(s), mark(of)] : [keyOf(s), this.object(of, s.sub)],
            );
            return nodes.some(([, node]) => node === null) ? [] : [Object.fromEntries(nodes)];
          });
          break;
        case 'pageInfo': {
          const info: Readonly<Record<string, unknown>> = {
            hasNextPage: all.length > from + first,
            hasPreviousPage: from > 0,
            startCursor: mark(page[0]),
            endCursor: mark(page.at(-1)),
          };
          object[key] = Object.fromEntries(sub.map((s) => [keyOf(s), info[nameOf(s)]]));
          break;
        }
        case 'totalCount':
          object[key] = this.#count(typeOf(this.world.schema, name), all.length);
          break;
        default:
          throw new TypeError(`${name} has no ${field}`);
      }
    }
    return object;
  }

  #count(connection: TypeModel, count: number): number | null {
    const [field] = connection.fields;
    if (field === undefined) throw new TypeError(`${connection.name} has no count`);
    const nothing: Found = {
      type: connection.name,
      record: {},
      ticket: null,
      exact: true,
      stored: [connection.name, ''],
    };
    if (this.verdict(field, nothing).kind !== 'denied') return count;
    this.notes.add(`DENIED ${connection.name}.${field.name}`);
    this.met.add('denials');
    return null;
  }
}

/** Below a ticket, "the ticket" is that one. */
function below(of: Found): Pick<Found, 'ticket'> {
  return { ticket: of.type === 'Ticket' ? of.record : of.ticket };
}

/** The fields that are asked of an object of this type with the case's variables, in their order. */
export function collect(selections: readonly Selection[], type: string): FieldSelection[] {
  return selections.flatMap((s): FieldSelection[] => {
    if (s.when !== null && switches[s.when.variable] !== (s.when.directive === 'include')) return [];
    if (s.kind === 'field') return [s];
    return s.on === type ? collect(s.sub, type) : [];
  });
}

/** The fields' names in the order in which the text has them, switched off or not: so they are judged. */
function written(selections: readonly Selection[], type: string): string[] {
  return selections.flatMap((s) => (s.kind === 'field' ? [s.name] : s.on === type ? written(s.sub, type) : []));
}

export function spotName(type: string, key: string, field: string): string {
  return `${type} ${key} ${field}`;
}

function nameOf(selection: Selection): string {
  if (selection.kind !== 'field') throw new TypeError('a fragment stands where a field should');
  return selection.name;
}

function keyOf(selection: Selection): string {
  if (selection.kind !== 'field') throw new TypeError('a fragment stands where a field should');
  return selection.key;
}

function pickFrom(
  entry: { readonly field: string; readonly status: string; readonly rule: string | null },
  name: string,
): string | null {
  switch (name) {
    case 'field':
      return entry.field;
    case 'status':
      return entry.status;
    case 'rule':
      return entry.rule;
    default:
      throw new TypeError(`FieldAccess has no ${name}`);
  }
}

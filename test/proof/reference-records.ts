import { phoneDigest } from '../../src/connector/join-key.ts';
import type { MatchKind, RelationDeclaration, SortKey } from '../../src/connector/connector.ts';
import { typeOf, unreadable, type CallerModel, type RecordModel, type TypeModel, type WorldModel } from './model.ts';
import { referenceTruth, type Judged } from './reference-condition.ts';
import { alwaysPlain, mayKnow } from './reference-verdict.ts';

/** A record on its way to the caller. */
export interface Found extends Judged {
  /** Type and number of the stored record that it comes from. */
  readonly stored: readonly [type: string, key: string];
}

export interface ReferenceMatch {
  readonly found: Found;
  readonly match: MatchKind;
}

/** How the world's records are found, one by one: every record of the type is looked at for every parent. */
export class ReferenceRecords {
  readonly #world: WorldModel;
  readonly #caller: CallerModel;
  readonly #joinSecret: Buffer;

  constructor(world: WorldModel, caller: CallerModel, joinSecret: Buffer) {
    this.#world = world;
    this.#caller = caller;
    this.#joinSecret = joinSecret;
  }

  /** The record as the caller finds it, if it may know of it. */
  found(type: TypeModel, record: RecordModel, led: Pick<Judged, 'ticket' | 'exact'>, joined: boolean): Found | null {
    const found: Found = {
      type: type.name,
      record,
      ticket: led.ticket,
      exact: led.exact,
      stored: [type.name, String(record[type.key])],
    };
    return mayKnow(found, joined, this.#caller, this.#world) ? found : null;
  }

  all(type: string): readonly RecordModel[] {
    return this.#world.records.get(type) ?? [];
  }

  /** Lists are sorted by what the class always reads plainly, and by the number last. */
  order(type: TypeModel): readonly SortKey[] {
    return type.order.filter(
      ({ field }) => field === type.key || type.fields.some((f) => f.name === field && this.#open(f)),
    );
  }

  #open(field: TypeModel['fields'][number]): boolean {
    return alwaysPlain(field, this.#caller, this.#world);
  }

  /** What the relation finds for the parent: the surest way first, and within it in the order of the list. */
  matches(declaration: RelationDeclaration, parent: Found, limit: number): ReferenceMatch[] {
    const type = typeOf(this.#world.schema, declaration.to);
    const sorted = [...this.all(type.name)].sort(byOrder(this.order(type)));
    const matches: ReferenceMatch[] = [];
    for (const match of declaration.by) {
      for (const record of sorted) {
        if (!this.#joins(match, parent, record)) continue;
        if (matches.some((m) => m.found.stored[1] === String(record[type.key]))) continue;
        const found = this.#led(type, record, parent, match);
        if (found !== null && matches.length < limit) matches.push({ found, match });
      }
    }
    return matches;
  }

  #led(type: TypeModel, record: RecordModel, parent: Found, match: MatchKind): Found | null {
    const ticket = parent.type === 'Ticket' ? parent.record : parent.ticket;
    return this.found(type, record, { ticket, exact: parent.exact && !match.fuzzy }, true);
  }

  #joins(match: MatchKind, parent: Found, record: RecordModel): boolean {
    const value = parent.record[match.parent];
    if (typeof value !== 'string' || value === unreadable) return false;
    if (match.window !== undefined) {
      const times = [parent.record[match.window.parent], record[match.window.child]];
      const [a, b] = times.map((t) => Date.parse(String(t)));
      if (a === undefined || b === undefined || !(Math.abs(a - b) <= match.window.days * 86_400_000)) return false;
    }
    if (match.as === 'plain') return record[match.child] === value;
    return (
      referenceTruth('reporterNotSecret', parent, this.#caller) === true &&
      record[match.child] === phoneDigest(this.#joinSecret, value)
    );
  }
}

/** Compares two records by the keys of an order. */
export function byOrder(order: readonly SortKey[]): (a: RecordModel, b: RecordModel) => number {
  return (a, b) => {
    for (const { field, direction } of order) {
      const [x, y] = [String(a[field]), String(b[field])];
      if (x !== y) return (x < y ? -1 : 1) * (direction === 'ASC' ? 1 : -1);
    }
    return 0;
  };
}

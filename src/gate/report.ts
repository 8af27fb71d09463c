import type { MaskName } from '../access/mask-name.ts';

/** What became of one plan node: noted once, not per row. */
export type AccessNote =
  | { readonly status: 'DENIED'; readonly coordinate: string; readonly pathPattern: string; readonly agency: string }
  | {
      readonly status: 'UNAVAILABLE';
      readonly coordinate: string;
      readonly pathPattern: string;
      readonly agency: string;
      /** Seconds after which asking again makes sense, where somebody knows. */
      readonly retryAfterSeconds?: number;
    }
  | {
      readonly status: 'MASKED';
      readonly coordinate: string;
      readonly pathPattern: string;
      readonly agency: string;
      readonly mask: MaskName;
      readonly rule: string;
    };

/** A verdict that gives something. */
export type GivenVerdict =
  | { readonly status: 'ALLOWED'; readonly rule: string }
  | { readonly status: 'MASKED'; readonly mask: MaskName; readonly rule: string };

/** What one answer gave of one record type. */
export interface TypeDisclosure {
  readonly owner: string;
  readonly ids: ReadonlySet<string>;
}

/** Collects what the gate let through and what it kept, for the answer and for the ledger. Holds no value of a record. */
export class AccessReport {
  readonly #notes = new Map<string, AccessNote>();
  readonly #records = new Map<string, { owner: string; ids: Set<string> }>();
  readonly #given = new Map<string, Set<GivenVerdict>>();
  readonly #counted = new Set<string>();
  readonly #sealed = new Set<string>();
  #bound: string | null = null;

  note(note: AccessNote): void {
    const key = `${note.pathPattern}\0${note.coordinate}\0${note.status}\0${note.status === 'MASKED' ? `${note.mask}\0${note.rule}` : ''}`;
    const before = this.#notes.get(key);
    this.#notes.set(key, before === undefined ? note : merged(before, note));
  }

  record(type: string, owner: string, ids: readonly string[]): void {
    if (ids.length === 0) return;
    const of = this.#records.get(type);
    if (of === undefined) this.#records.set(type, { owner, ids: new Set(ids) });
    else for (const id of ids) of.ids.add(id);
  }

  /** Records of this agency were counted, without a record being given. */
  count(owner: string): void {
    this.#counted.add(owner);
  }

  /** The ticket is a report (举报): who read it stays in its handling unit. */
  seal(ticketNo: string): void {
    this.#sealed.add(ticketNo);
  }

  /** The ticket of `Lianqiao-Ticket`, once a lookup has gone by it: a header that nothing used binds nothing. */
  bind(ticketNo: string): void {
    this.#bound = ticketNo;
  }

  /** A value, record or count of this field was given, by this line of the policy. */
  disclose(coordinate: string, verdict: GivenVerdict): void {
    const of = this.#given.get(coordinate);
    if (of === undefined) this.#given.set(coordinate, new Set([verdict]));
    else of.add(verdict);
  }

  /** In a fixed order, whichever source answered first. */
  get notes(): readonly AccessNote[] {
    return [...this.#notes].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, note]) => note);
  }

  get records(): ReadonlyMap<string, TypeDisclosure> {
    return this.#records;
  }

  /** The agencies whose records were counted. */
  get counted(): ReadonlySet<string> {
    return this.#counted;
  }

  get bound(): string | null {
    return this.#bound;
  }

  get sealed(): ReadonlySet<string> {
    return this.#sealed;
  }

  /** By which lines of the policy each field was given: coordinates with their verdicts, as they came. */
  get given(): ReadonlyMap<string, ReadonlySet<GivenVerdict>> {
    return this.#given;
  }
}

/** One note of two on the same thing: it is of no use to ask again before the longer wait is over. */
function merged(before: AccessNote, note: AccessNote): AccessNote {
  if (before.status !== 'UNAVAILABLE' || note.status !== 'UNAVAILABLE') return before;
  const waits = [before.retryAfterSeconds, note.retryAfterSeconds].filter((w) => w !== undefined);
  return waits.length === 0 ? before : { ...before, retryAfterSeconds: Math.max(...waits) };
}

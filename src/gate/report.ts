import type { MaskName } from '../access/mask-name.ts';
import { noLines, type GivenLines } from './given-lines.ts';

/** What became of one plan node: noted once, not per row. */
export type AccessNote =
  | {
      readonly status: 'DENIED';
      readonly coordinate: string;
      readonly pathPattern: string;
      readonly agency: string;
      /** It is never null, so that the record goes with it. */
      readonly takesRecord?: true;
    }
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

/** Records of one type of which the same fields were given by the same lines. */
export interface RecordGroup {
  readonly type: string;
  readonly owner: string;
  readonly lines: GivenLines;
  readonly ids: ReadonlySet<string>;
}

type Group = RecordGroup & { readonly ids: Set<string> };

/** Whether something is told of what has to do with a report (举报), of all else, or of both. */
export interface Told {
  open: boolean;
  under: boolean;
}

/** Collects what the gate let through and what it kept, for the answer and for the ledger. Holds no value of a record. */
export class AccessReport {
  readonly #notes = new Map<string, { readonly note: AccessNote } & Told>();
  readonly #records = new Map<string, Map<GivenLines, Group>>();
  readonly #given = new Map<GivenLines, Told>();
  readonly #counted = new Set<string>();
  readonly #sealed = new Set<string>();
  readonly #stale = new Map<string, number>();
  #bound: string | null = null;

  /** `under`: it became so of a report, or of what a report led to. */
  note(note: AccessNote, under = false): void {
    const key = `${note.pathPattern}\0${note.coordinate}\0${note.status}\0${note.status === 'MASKED' ? `${note.mask}\0${note.rule}` : ''}`;
    const before = this.#notes.get(key);
    this.#notes.set(key, {
      note: before === undefined ? note : merged(before.note, note),
      open: before?.open === true || !under,
      under: before?.under === true || under,
    });
  }

  /** Records of this type came that could not be asked for anew since then, epoch milliseconds. */
  stale(type: string, since: number): void {
    this.#stale.set(type, Math.min(since, this.#stale.get(type) ?? since));
  }

  /** Records that were given, and which of their fields by which lines. */
  record(type: string, owner: string, ids: readonly string[], lines: GivenLines = noLines): void {
    if (ids.length === 0) return;
    let groups = this.#records.get(type);
    if (groups === undefined) this.#records.set(type, (groups = new Map<GivenLines, Group>()));
    const of = groups.get(lines);
    if (of === undefined) groups.set(lines, { type, owner, lines, ids: new Set(ids) });
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

  /** Values, records or counts of these fields were given; `under`: of a report, or of what a report led to. */
  give(lines: GivenLines, { open, under }: Told): void {
    const before = this.#given.get(lines);
    if (before === undefined) this.#given.set(lines, { open, under });
    else {
      before.open ||= open;
      before.under ||= under;
    }
  }

  /** In a fixed order, whichever source answered first. */
  get notes(): readonly AccessNote[] {
    return this.notesOf(() => true);
  }

  /** Types of which stale records came, in a fixed order, and since when they are stale. */
  get staleTypes(): readonly (readonly [type: string, since: number])[] {
    return [...this.#stale].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Those that are told so. */
  notesOf(told: (of: Told) => boolean): readonly AccessNote[] {
    if (this.#notes.size === 0) return [];
    return [...this.#notes]
      .filter(([, note]) => told(note))
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, { note }]) => note);
  }

  /** By type; a record may stand in several groups of its type. */
  get records(): readonly (readonly RecordGroup[])[] {
    return [...this.#records.values()].map((groups) => [...groups.values()]);
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

  /** The fields that were given and are told so, by which lines of the policy, as they came. */
  given(told: (of: Told) => boolean): readonly GivenLines[] {
    const lines: GivenLines[] = [];
    for (const [of, as] of this.#given) if (told(as)) lines.push(of);
    return lines;
  }
}

/** One note of two on the same thing: it is of no use to ask again before the longer wait is over. */
function merged(before: AccessNote, note: AccessNote): AccessNote {
  if (before.status !== 'UNAVAILABLE' || note.status !== 'UNAVAILABLE') return before;
  const waits = [before.retryAfterSeconds, note.retryAfterSeconds].filter((w) => w !== undefined);
  return waits.length === 0 ? before : { ...before, retryAfterSeconds: Math.max(...waits) };
}

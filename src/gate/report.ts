import type { MaskName } from '../access/mask-name.ts';

/** What became of one plan node: noted once, not per row. */
export type AccessNote =
  | { readonly status: 'DENIED'; readonly coordinate: string; readonly pathPattern: string; readonly agency: string }
  | {
      readonly status: 'UNAVAILABLE';
      readonly coordinate: string;
      readonly pathPattern: string;
      readonly agency: string;
    }
  | {
      readonly status: 'MASKED';
      readonly coordinate: string;
      readonly pathPattern: string;
      readonly agency: string;
      readonly mask: MaskName;
      readonly rule: string;
    };

/** What one answer gave of one record type. */
export interface TypeDisclosure {
  readonly owner: string;
  readonly ids: ReadonlySet<string>;
}

/** Collects what the gate let through and what it kept, for the answer and for the ledger. Holds no value of a record. */
export class AccessReport {
  readonly #notes = new Map<string, AccessNote>();
  readonly #records = new Map<string, { owner: string; ids: Set<string> }>();
  readonly #disclosed = new Set<string>();
  readonly #sealed = new Set<string>();
  #bound: string | null = null;

  note(note: AccessNote): void {
    const key = `${note.pathPattern}\0${note.coordinate}\0${note.status}\0${note.status === 'MASKED' ? `${note.mask}\0${note.rule}` : ''}`;
    if (!this.#notes.has(key)) this.#notes.set(key, note);
  }

  record(type: string, owner: string, id: string): void {
    const of = this.#records.get(type);
    if (of === undefined) this.#records.set(type, { owner, ids: new Set([id]) });
    else of.ids.add(id);
  }

  /** The ticket is a report (举报): who read it stays in its handling unit. */
  seal(ticketNo: string): void {
    this.#sealed.add(ticketNo);
  }

  /** The ticket of `Lianqiao-Ticket`, once a lookup has gone by it: a header that nothing used binds nothing. */
  bind(ticketNo: string): void {
    this.#bound = ticketNo;
  }

  disclose(coordinate: string): void {
    this.#disclosed.add(coordinate);
  }

  /** In a fixed order, whichever source answered first. */
  get notes(): readonly AccessNote[] {
    return [...this.#notes].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, note]) => note);
  }

  get records(): ReadonlyMap<string, TypeDisclosure> {
    return this.#records;
  }

  get bound(): string | null {
    return this.#bound;
  }

  get sealed(): ReadonlySet<string> {
    return this.#sealed;
  }

  get disclosed(): readonly string[] {
    return [...this.#disclosed].toSorted();
  }
}

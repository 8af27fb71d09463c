import type { Filter } from './filter.ts';
import type { Circumstances, SourceDeclaration } from './source.ts';

/** A record as a source gave it: schema fields to schema values. Only the gate lets it into the graph. */
export type SourceRecord = Readonly<Record<string, unknown>>;

export interface SortKey {
  readonly field: string;
  readonly direction: 'ASC' | 'DESC';
}

/** A batch of keys to load, with the exact fields that may be read. */
export interface KeyLoad {
  /** The field that the keys are values of. */
  readonly key: string;
  /** Distinct, never empty. */
  readonly keys: readonly string[];
  readonly fields: readonly string[];
  readonly rows: Filter;
  readonly order: readonly SortKey[];
  /** Records for each key, at most. */
  readonly limitPerKey: number;
  /** Pages are asked for, so that keys may well have more records than the limit: a list mostly has all of them. */
  readonly paged?: true;
  /** Only records that come after these values of `order`, for a page of each key's records. */
  readonly after?: readonly string[];
  readonly signal: AbortSignal;
}

/** One page of a source's records. */
export interface PageLoad {
  readonly fields: readonly string[];
  readonly rows: Filter;
  readonly order: readonly SortKey[];
  readonly after?: readonly string[];
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** How many records have these values of the fields that they were counted by; `UNREADABLE` for what cannot be read. */
export interface GroupCount {
  readonly values: readonly unknown[];
  readonly count: number;
}

/** The loads of one record type. Every method rejects with `SourceError` when the source fails. */
export interface EntitySource {
  /** Lists of records aligned with `load.keys`; an empty list where a key has none. */
  loadByKeys(load: KeyLoad): Promise<readonly (readonly SourceRecord[])[]>;
  loadPage(load: PageLoad): Promise<readonly SourceRecord[]>;
  count(rows: Filter, signal: AbortSignal): Promise<number>;
  /** Counts aligned with `keys`. */
  countByKeys(key: string, keys: readonly string[], rows: Filter, signal: AbortSignal): Promise<readonly number[]>;
  /** How many of these records there are for each combination of the fields' values; one that no record has is left out. */
  countBy(fields: readonly string[], rows: Filter, signal: AbortSignal): Promise<readonly GroupCount[]>;
  /** Whether `countBy` can count by this field: each record has one value of it, in one column and one spelling. */
  canCountBy(field: string): boolean;
  /** Whether this filter runs in the source, exactly. Pages and counts need one that does. */
  canFilter(rows: Filter): boolean;
}

export interface EntityDeclaration {
  readonly type: string;
  /** The field that names a record: what the ledger writes down. */
  readonly key: string;
  readonly order: readonly SortKey[];
}

/**
 * How a parent's join value is written before it is asked for in another agency's source. `phone` and `idNumber`: the number
 * itself, normalised, as a bound value; the digests: for a source that must not see numbers of others.
 */
export type JoinKeyForm = 'plain' | 'phone' | 'idNumber' | 'phoneDigest' | 'idNumberDigest';

/** One way to find a relation's records. */
export interface MatchKind {
  readonly matchedBy: string;
  /** 0 to 1: how sure a match of this kind is. */
  readonly confidence: number;
  /** A fuzzy match never opens personal data. */
  readonly fuzzy: boolean;
  /** Field of the parent, read behind the gate. */
  readonly parent: string;
  /** Field of the target that equals it. */
  readonly child: string;
  readonly as: JoinKeyForm;
  /** With `plain`: the value is that of the record's person, who is not found by it where either ticket asks for secrecy. */
  readonly person?: true;
  /** Both times must lie within so many days of each other. */
  readonly window?: { readonly parent: string; readonly child: string; readonly days: number };
}

/** What a relation's field holds. */
export type RelationShape =
  /** Wrappers with `matchedBy`, `confidence` and the record under `node`. */
  | { readonly kind: 'matches'; readonly wrapper: string; readonly node: string; readonly max: number }
  | { readonly kind: 'match'; readonly wrapper: string; readonly node: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'list'; readonly max: number }
  /** A Relay connection; `max` bounds `first`. */
  | { readonly kind: 'connection'; readonly max: number }
  /** Records that the parent's own record already holds under this field. */
  | { readonly kind: 'embedded'; readonly list: boolean }
  /**
   * Of the records that the parent's own record holds under `of`, the one whose period holds the time of the field's
   * argument: from `from` until before `until`, a period without an end until now. None for a time that is still to come.
   */
  | {
      readonly kind: 'instant';
      readonly of: string;
      readonly argument: string;
      readonly from: string;
      readonly until: string;
    }
  | ComputedShape;

/**
 * A part that the hub computes from a record of the relation's target and from what hangs on it: only from what the gate
 * gives this caller of that, as if it had asked for it itself.
 */
export interface ComputedShape {
  readonly kind: 'computed';
  /** The selection on the target, in GraphQL's words: `{ … }`. */
  readonly selection: (receipts: readonly AgencyReceipts[]) => string;
  readonly compute: (given: GivenRecord, about: ComputeContext) => SourceRecord;
}

/** A record as the gate gave it: values by their fields, what lies below by response key, with `access` where that was selected. */
export type GivenRecord = Readonly<Record<string, unknown>>;

/** The receipts that an agency declares. */
export interface AgencyReceipts {
  readonly agency: string;
  /** The relation on `Ticket`. */
  readonly field: string;
  readonly type: string;
}

export interface ComputeContext {
  readonly receipts: readonly AgencyReceipts[];
  /** Types of which records came that are too old. */
  readonly stale: ReadonlySet<string>;
  readonly circumstances: Circumstances;
  /** When the request began, epoch milliseconds. */
  readonly now: number;
}

/** How the two records of a match are compared beyond what they were found by. */
export interface Comparison {
  /** Fields of both that it reads behind the gate. */
  readonly reads: readonly string[];
  /**
   * What the match wrapper says of the two, by its fields; null where they do not belong together. `persons`: whether the
   * people may be compared, since neither record's reporter asked for secrecy before this caller.
   */
  readonly compare: (
    parent: SourceRecord,
    found: SourceRecord,
    persons: boolean,
    times: TimeSettings,
  ) => Readonly<Record<string, unknown>> | null;
}

export interface RelationDeclaration {
  readonly on: string;
  readonly field: string;
  readonly to: string;
  readonly shape: RelationShape;
  /** The surest first; a record found in several ways shows the first. Empty for an embedded relation. */
  readonly by: readonly MatchKind[];
  /** Left out: that they were found says all. */
  readonly comparison?: Comparison;
}

/** How an argument of a page's `filter` becomes a filter on a field. */
export interface FilterArgument {
  readonly argument: string;
  readonly field: string;
  /** `in` and `is` compare for equality: with one of a list, with one value. */
  readonly test: 'in' | 'is' | 'division' | 'from' | 'before';
}

/** What the configuration says of times. */
export interface TimeSettings {
  /** Hours before a due time from which it is about to pass. */
  readonly warningHours: number;
  /** Days after its closing within which the same person's next ticket on the matter repeats a complaint. */
  readonly repeatDays: number;
  /** Days within which a person's second ticket on the same matter and place is a duplicate of an open one. */
  readonly duplicateDays: number;
  /** Days within which different people's tickets on one matter and place may be handled together. */
  readonly mergeDays: number;
}

/** The time of asking, and what the configuration says of times. */
export interface Moment extends TimeSettings {
  /** Epoch milliseconds. */
  readonly now: number;
}

/** How an argument of a page's `filter` chooses records by what several of their fields say at the time of asking. */
export interface StateArgument {
  readonly argument: string;
  /** Everything that the filters below read: each must be one that the caller may filter by. */
  readonly fields: readonly string[];
  /** By each value that the argument's list may hold. */
  readonly states: Readonly<Record<string, (moment: Moment) => Filter>>;
}

export type RootDeclaration =
  /** The record of this key; what binds a caller's need to know to it. */
  | {
      readonly kind: 'lookup';
      readonly field: string;
      readonly type: string;
      readonly argument: string;
      readonly binding: 'ticket' | 'ticketOrOwnGrid' | 'self';
    }
  | {
      readonly kind: 'byKeys';
      readonly field: string;
      readonly type: string;
      readonly argument: string;
      readonly max: number;
    }
  | {
      readonly kind: 'page';
      readonly field: string;
      readonly type: string;
      readonly filters: readonly FilterArgument[];
      /** Left out: there are none. */
      readonly states?: readonly StateArgument[];
      /** `orderBy.field` value to schema field. */
      readonly orders: Readonly<Record<string, string>>;
      /** Fields of `orders` that not every record has: sorted by one, a page holds only records of which the caller is given it. */
      readonly sparse?: readonly string[];
      readonly order: readonly SortKey[];
      readonly max: number;
      /** An argument that names a ticket; without it only the owner of the data may ask. */
      readonly ticket?: { readonly argument: string; readonly field: string };
    };

/** A record type that `myCases` lists. */
export interface CaseDeclaration {
  readonly type: string;
  /** The field that holds the grid: what makes a case a grid worker's own. */
  readonly grid: string;
  /** Fields that hold the agencies in charge: what makes it an agency's own. None: the owner's alone. */
  readonly agencies: readonly { readonly field: string; readonly list: boolean }[];
  /** The time that cases are sorted by and `changedSince` is compared with. */
  readonly changedAt: string;
  readonly open: Filter;
}

/** A field that records are counted by. */
export interface StatisticsKey {
  readonly field: string;
  /** Only so many characters of the value count: 6 of a division's code are its district. */
  readonly prefix?: number;
}

/**
 * A root field that counts the records of a whole calendar month, for the purpose `STATISTICS`. Callers choose one of the
 * dimensions and nothing else; src/gate/suppress.ts says which counts are shown. One declaration a type.
 */
export interface StatisticsDeclaration {
  readonly field: string;
  readonly type: string;
  /** The time whose month is asked for. */
  readonly time: string;
  /** By the value of the argument `by`. Each field has one dimension of its own, and stands in one pair at most. */
  readonly dimensions: Readonly<
    Record<string, readonly [StatisticsKey] | readonly [rows: StatisticsKey, columns: StatisticsKey]>
  >;
}

/**
 * An agency's own record of the tickets that it got: what reconciliation compares with the hotline's handoffs. An agency
 * that declares none takes no part in it.
 */
export interface ReceiptDeclaration {
  /** The relation on `Ticket` that lists them. Its records have the fields of `receiptFields`. */
  readonly field: string;
}

/** One agency's folder, as data. The hub makes resolvers, plans and batches from it. */
export interface Connector {
  readonly agency: string;
  readonly entities: readonly EntityDeclaration[];
  readonly relations: readonly RelationDeclaration[];
  readonly roots: readonly RootDeclaration[];
  readonly cases: readonly CaseDeclaration[];
  /** Left out: nothing of this agency is counted. */
  readonly statistics?: readonly StatisticsDeclaration[];
  readonly receipts?: ReceiptDeclaration;
  /** The systems that the records lie in. */
  readonly sources: readonly SourceDeclaration[];
}

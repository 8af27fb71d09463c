import type { OfficeHours } from '../calendar/office-hours.ts';
import type { EntityDeclaration, EntitySource } from './connector.ts';
import type { FieldMapping } from './mapping.ts';
import type { SourceKind, SourceSettings } from './settings/source-settings.ts';
import type { RowStore } from './simulate/row-store.ts';

/** A record type that lies in a source, and how its fields are read there. */
export interface MappedEntity extends EntityDeclaration {
  readonly mapping: Readonly<Record<string, FieldMapping>>;
}

/** One system of an agency: what lies in it, and the ways in which it can be reached. */
export interface SourceDeclaration {
  /** Its name in configuration, provenance and health: the agency's code, or that and a part, such as `housing-fund`. */
  readonly name: string;
  readonly entities: readonly MappedEntity[];
  /** The configuration names one of them by its kind. */
  readonly drivers: readonly SourceDriver[];
  readonly derived?: readonly DerivedEntity[];
}

/** A record type that is computed from other types' records rather than read. */
export interface DerivedEntity {
  readonly declaration: EntityDeclaration;
  /** The types that it is computed from, of the same source: the first one names its keys. */
  readonly from: readonly [string, ...string[]];
  /** `of` gives the source of each type in `from`. */
  readonly derive: (of: (type: string) => EntitySource, circumstances: Circumstances) => EntitySource;
}

/** What a computation may use beside records. */
export interface Circumstances {
  readonly officeHours: OfficeHours;
  readonly receipts: ReceiptLimits;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What is no disagreement yet between what was sent and what an agency recorded. */
export interface ReceiptLimits {
  /** Working seconds that the agency has to record what it got, and the hotline what the agency sent. */
  readonly graceSeconds: (agency: string) => number;
  /** Milliseconds that clocks of two agencies may differ. */
  readonly skewMs: number;
}

/** A way to reach a source. What is particular to the agency's system (tables, paths, queries) it was made with. */
export interface SourceDriver {
  readonly kind: SourceKind;
  /** Of an SQL driver: the table of each record type. */
  readonly tables?: Readonly<Record<string, string>>;
  /** By record type: columns of whose keys the source takes but one a call. Keys of all others go to it in batches. */
  readonly singleKeys?: Readonly<Record<string, readonly string[]>>;
  /** Opens without asking the source anything: the hub starts while it is down. Throws `TypeError` for a wrong declaration, `SecretError`. */
  open(opening: SourceOpening): OpenSource;
  /** Starts the system's like on this machine, over rows of ours: for the conformance kit, for tests and for the embedded city. */
  simulate(simulation: Simulation): Promise<Simulator>;
}

export interface Simulation {
  readonly agency: string;
  readonly source: string;
  readonly entities: readonly MappedEntity[];
  readonly rows: RowStore;
  /** An empty folder that it may write in. */
  readonly folder: string;
}

/** A simulated system, listening on 127.0.0.1 or lying in its folder. */
export interface Simulator {
  /** With which the same driver reaches it. */
  readonly settings: SourceSettings;
  close(): Promise<void>;
}

export interface SourceOpening {
  readonly agency: string;
  readonly source: string;
  readonly entities: readonly MappedEntity[];
  readonly settings: SourceSettings;
  /** The hub's folder of databases and keys. */
  readonly dataDir: string;
  /** Keys in one call, at most. */
  readonly batchKeys: number;
  /** Called with each call to the source: its form and its columns, never a value. */
  readonly onStatement: (text: string) => void;
  /** Called with what somebody should see to and no load would tell, once each: a delivery that was refused. Never a value. */
  readonly onProblem?: (message: string) => void;
  /** Called with each load that brought values of a type's field which cannot be read, and how many. */
  readonly onUnreadable?: (type: string, field: string, values: number) => void;
}

export interface OpenSource {
  /** By record type. */
  readonly sources: ReadonlyMap<string, EntitySource>;
  /** Resolves when the source answers; rejects with `SourceError` otherwise. */
  ping(signal: AbortSignal): Promise<void>;
  /**
   * Of a source that is delivered: resolves once what lay there at the opening has been taken in, or refused; loads that
   * come earlier wait for it only shortly. Rejects with the signal's reason.
   */
  ready?(signal: AbortSignal): Promise<void>;
  /** Of a source that is delivered rather than asked: milliseconds since 1970 of a delivery that is too old; null for a fresh one. */
  staleSince?(): number | null;
  /** Of a source that is delivered: what keeps new deliveries out now, while loads go on with an older one. Never a value. */
  troubles?(): readonly string[];
  close(): Promise<void>;
}

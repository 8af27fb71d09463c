import type { SourceRecord } from './connector.ts';
import { filterFields, type Filter } from './filter.ts';
import { UNREADABLE } from './mapping.ts';
import { SourceError } from './source-error.ts';
import type { MappedEntity } from './source.ts';

/** Milliseconds for which a look at the source is believed. */
const lookAge = 5_000;
/** The same for a look that only an empty answer gave cause for: mostly nothing is wrong then. */
const calmLookAge = 60_000;
/**
 * Bad records of a look from which a column has drifted. Of a table of fewer nobody can tell: there each is a record that
 * hides itself, and what a caller is told must not hang on one that it may not see.
 */
export const fewestBad = 10;
/** Records of one look, at most. */
export const lookRecords = 50;

interface DriftOptions {
  readonly agency: string;
  readonly entity: MappedEntity;
  /** So many records of the source as `lookRecords` says, whichever come first, with this field. */
  readonly look: (field: string, signal: AbortSignal) => Promise<readonly SourceRecord[]>;
  /** Told when a column begins to be of no use to filters; never a value. */
  readonly onProblem: (message: string) => void;
}

interface Look {
  readonly drifted: boolean;
  /** By `performance.now()`. */
  readonly at: number;
}

/**
 * Refuses the loads whose filter reads a column that the source no longer has, or has in another form: every record would
 * be hidden, and an empty list would be a lie. A single value that cannot be read hides its record and refuses nothing, or
 * a caller would learn of a record that is not for it. Which of both it is, a look at records that nobody asked for says; and
 * while a column is of no use, loads that find nothing are refused too. So what a caller is told hangs on the source alone,
 * and not on the records that it asks for.
 */
export class FilterDrift {
  readonly #options: DriftOptions;
  readonly #looks = new Map<string, Look>();
  readonly #told = new Set<string>();

  constructor(options: DriftOptions) {
    this.#options = options;
  }

  /** Whether every column is of use, as far as is known. */
  get isQuiet(): boolean {
    return this.#told.size === 0;
  }

  /**
   * Rejects with `REFUSED` where the filter reads a column that is of no use. `unreadable`: fields that a row of the load had
   * no readable value of; `isReadable`: whether another row of it had one.
   */
  async check(
    rows: Filter,
    unreadable: ReadonlyMap<string, number>,
    isReadable: (field: string) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    for (const field of filterFields(rows)) {
      if (!unreadable.has(field) && !this.#told.has(field)) continue;
      if (isReadable(field)) this.#well(field);
      else if (await this.#isDrifted(field, signal)) throw this.refusal(field, 'has no readable value');
    }
  }

  /**
   * For a filter that the source itself compared and that found nothing, so that no row tells of its columns: rejects with
   * `REFUSED` where one that has a form holds no value of that form, as when `01` became `1`. Any text is one of a plain text.
   */
  async checkUnmet(rows: Filter, signal: AbortSignal): Promise<void> {
    for (const field of filterFields(rows)) {
      const mapping = this.#options.entity.mapping[field];
      if (mapping?.known === undefined && mapping?.span === undefined) continue;
      if (await this.#seemsDrifted(field, signal)) throw this.refusal(field, 'has no readable value');
    }
  }

  /** What a load is refused with; told once, until the column is well again. */
  refusal(field: string, what: string): SourceError {
    const { agency, entity, onProblem } = this.#options;
    const columns = entity.mapping[field]?.columns.join(', ') ?? '';
    const message = `the ${agency} source ${what} of ${entity.type}.${field} (column ${columns}), by which records are filtered: has its schema changed?`;
    if (!this.#told.has(field)) onProblem(message);
    this.#told.add(field);
    // Whoever reads other columns is not served worse: the breaker does not count it.
    return new SourceError(agency, message, { fault: 'REFUSED' });
  }

  #well(field: string): void {
    if (this.#told.delete(field)) this.#looks.delete(field);
  }

  /** A look that fails is no reason to refuse an answer that came. */
  async #seemsDrifted(field: string, signal: AbortSignal): Promise<boolean> {
    try {
      return await this.#isDrifted(field, signal, this.#told.has(field) ? lookAge : calmLookAge);
    } catch (error) {
      if (error instanceof SourceError) return false;
      throw error;
    }
  }

  async #isDrifted(field: string, signal: AbortSignal, age = lookAge): Promise<boolean> {
    const before = this.#looks.get(field);
    if (before !== undefined && performance.now() - before.at < age) return before.drifted;
    const records = await this.#options.look(field, signal);
    const values = records.map((record) => record[field]);
    const bad = values.filter((value) => value === UNREADABLE || value === undefined).length;
    const drifted = bad >= fewestBad && !values.some(isReadable);
    if (!drifted) this.#told.delete(field);
    this.#looks.set(field, { drifted, at: performance.now() });
    return drifted;
  }
}

/** Whether it is a value that was read: null, and a list of nothing, say nothing of a column's form. */
export function isReadable(value: unknown): boolean {
  return value !== UNREADABLE && value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}

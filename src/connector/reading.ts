import type { SourceRecord } from './connector.ts';
import type { Filter } from './filter.ts';
import { filterFields } from './filter.ts';
import { FilterDrift, isReadable } from './filter-drift.ts';
import type { MappedEntity } from './source.ts';
import { UnreadableValues } from './unreadable-values.ts';

export interface ReadingOptions {
  readonly agency: string;
  readonly entity: MappedEntity;
  readonly look: (field: string, signal: AbortSignal) => Promise<readonly SourceRecord[]>;
  /** Told what somebody should see to; never a value. */
  readonly onProblem?: ((message: string) => void) | undefined;
  readonly onUnreadable?: ((type: string, field: string, values: number) => void) | undefined;
}

/** What could not be read of one record type, load by load. */
export class Readings {
  readonly drift: FilterDrift;
  readonly values: UnreadableValues;

  constructor({ agency, entity, look, onProblem = () => undefined, onUnreadable = () => undefined }: ReadingOptions) {
    this.drift = new FilterDrift({ agency, entity, look, onProblem });
    this.values = new UnreadableValues({
      agency,
      entity,
      onProblem,
      onUnreadable: (field, values) => onUnreadable(entity.type, field, values),
    });
  }

  /** Whether nothing was wrong lately: then a load in which all can be read changes nothing. */
  get areWell(): boolean {
    return this.drift.isQuiet && this.values.areWell;
  }

  begin(fields: readonly string[], rows: Filter): Reading {
    return new Reading(this, fields, rows);
  }
}

/** What could not be read in one load. */
export class Reading {
  readonly #of: Readings;
  readonly #fields: readonly string[];
  readonly #rows: Filter;
  readonly #unreadable = new Map<string, number>();
  /** Fields of the filter of which no value was read yet. */
  #unproven: readonly string[];
  #read = false;

  constructor(of: Readings, fields: readonly string[], rows: Filter) {
    this.#of = of;
    this.#fields = fields;
    this.#rows = rows;
    this.#unproven = [...filterFields(rows)];
  }

  /** For readers of rows: a value of this field cannot be read. */
  readonly onUnreadable = (field: string): void => {
    this.#unreadable.set(field, (this.#unreadable.get(field) ?? 0) + 1);
  };

  /** A row, before the filter judges it. */
  row(record: SourceRecord): void {
    this.#read = true;
    if (this.#unproven.length > 0) this.#unproven = this.#unproven.filter((field) => !isReadable(record[field]));
  }

  /**
   * Tells of what was found, in the rows and in these lists. Rejects with `REFUSED` where the load's filter reads a column
   * that is of no use.
   */
  async end(signal: AbortSignal, lists: readonly (readonly SourceRecord[])[] = []): Promise<void> {
    if (this.#of.areWell && this.#unreadable.size === 0) return;
    for (const list of lists) for (const record of list) this.row(record);
    if (this.#read) this.#of.values.ended(this.#fields, this.#unreadable);
    await this.#of.drift.check(this.#rows, this.#unreadable, (field) => !this.#unproven.includes(field), signal);
  }
}

import type { MappedEntity } from './source.ts';

/** Milliseconds in which the same field is told of once: rows with a bad value come and go with whoever asks for them. */
const quiet = 600_000;

interface UnreadableOptions {
  readonly agency: string;
  readonly entity: MappedEntity;
  /** Told when a field begins to have values that cannot be read; never a value. */
  readonly onProblem: (message: string) => void;
  /** Told of every load that had some, how many. */
  readonly onUnreadable: (field: string, values: number) => void;
}

/**
 * Tells of a record type's values that cannot be read. One of them costs its field, or hides its record where a filter reads
 * it, and nobody else would know: once when it begins, and again only after the field was well and a while has passed.
 */
export class UnreadableValues {
  readonly #options: UnreadableOptions;
  readonly #ill = new Set<string>();
  /** When each field was last told of, by `performance.now()`. */
  readonly #told = new Map<string, number>();

  constructor(options: UnreadableOptions) {
    this.#options = options;
  }

  get areWell(): boolean {
    return this.#ill.size === 0;
  }

  /** A load has ended that read `fields` of at least one row; `found` counts what could not be read. */
  ended(fields: readonly string[], found: ReadonlyMap<string, number>): void {
    for (const field of fields) {
      const values = found.get(field);
      if (values === undefined) this.#ill.delete(field);
      else this.#found(field, values);
    }
  }

  #found(field: string, values: number): void {
    const { agency, entity, onProblem, onUnreadable } = this.#options;
    onUnreadable(field, values);
    const now = performance.now();
    if (this.#ill.has(field) || now - (this.#told.get(field) ?? -Infinity) < quiet) return;
    this.#ill.add(field);
    this.#told.set(field, now);
    const columns = entity.mapping[field]?.columns.join(', ') ?? '';
    onProblem(
      `the ${agency} source gave ${values} ${entity.type} records without a readable value of ${entity.type}.${field} (column ${columns})`,
    );
  }
}

import type { EntitySource, KeyLoad, PageLoad } from '../connector/connector.ts';
import type { Filter } from '../connector/filter.ts';
import type { Deadline } from './deadline.ts';

/** A source with the clock read before and after each load. */
export class TimedSource implements EntitySource {
  readonly #source: EntitySource;
  readonly #deadline: Deadline;

  constructor(source: EntitySource, deadline: Deadline) {
    this.#source = source;
    this.#deadline = deadline;
  }

  loadByKeys(load: KeyLoad): ReturnType<EntitySource['loadByKeys']> {
    return this.#timed(() => this.#source.loadByKeys(load));
  }

  loadPage(load: PageLoad): ReturnType<EntitySource['loadPage']> {
    return this.#timed(() => this.#source.loadPage(load));
  }

  count(...of: Parameters<EntitySource['count']>): Promise<number> {
    return this.#timed(() => this.#source.count(...of));
  }

  countByKeys(...of: Parameters<EntitySource['countByKeys']>): ReturnType<EntitySource['countByKeys']> {
    return this.#timed(() => this.#source.countByKeys(...of));
  }

  countBy(...of: Parameters<EntitySource['countBy']>): ReturnType<EntitySource['countBy']> {
    return this.#timed(() => this.#source.countBy(...of));
  }

  canCountBy(field: string): boolean {
    return this.#source.canCountBy(field);
  }

  canFilter(rows: Filter): boolean {
    return this.#source.canFilter(rows);
  }

  async #timed<T>(load: () => Promise<T>): Promise<T> {
    this.#deadline.throwIfPassed();
    const result = await load();
    this.#deadline.throwIfPassed();
    return result;
  }
}

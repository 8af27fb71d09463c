import type { EntitySource, KeyLoad, PageLoad, SourceRecord } from '../connector/connector.ts';
import type { Filter } from '../connector/filter.ts';
import { provenanceOf } from '../connector/provenance.ts';
import type { Deadline } from './deadline.ts';

/** A source with the clock read before and after each load; of records that are stale it is told since when. */
export class TimedSource implements EntitySource {
  readonly #source: EntitySource;
  readonly #deadline: Deadline;
  readonly #onStale: (since: number) => void;

  constructor(source: EntitySource, deadline: Deadline, onStale: (since: number) => void) {
    this.#source = source;
    this.#deadline = deadline;
    this.#onStale = onStale;
  }

  async loadByKeys(load: KeyLoad): Promise<Awaited<ReturnType<EntitySource['loadByKeys']>>> {
    this.#deadline.throwIfPassed();
    const lists = await this.#source.loadByKeys(load);
    this.#deadline.throwIfPassed();
    // All lists of one load are as fresh as the first.
    this.#look(lists[0]);
    return lists;
  }

  async loadPage(load: PageLoad): Promise<Awaited<ReturnType<EntitySource['loadPage']>>> {
    this.#deadline.throwIfPassed();
    const page = await this.#source.loadPage(load);
    this.#deadline.throwIfPassed();
    this.#look(page);
    return page;
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

  #look(list: readonly SourceRecord[] | undefined): void {
    const since = list === undefined ? null : (provenanceOf(list)?.staleSince ?? null);
    if (since !== null) this.#onStale(since);
  }

  async #timed<T>(load: () => Promise<T>): Promise<T> {
    this.#deadline.throwIfPassed();
    const result = await load();
    this.#deadline.throwIfPassed();
    return result;
  }
}

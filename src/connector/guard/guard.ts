import type { EntitySource } from '../connector.ts';

/** What stands around every load of one source: time-outs, retries, breaker, bulkhead, shared and kept answers. */
export interface Guard {
  /**
   * Runs one load. `name` tells loads apart exactly: equal names are equal loads; it is only asked for where that matters. Rejects with `SourceError`, or with the
   * signal's own reason where the caller gave up.
   */
  run<T>(name: () => string, signal: AbortSignal, load: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** The source with its guard around each load. */
export function guarded(type: string, source: EntitySource, guard: Guard): EntitySource {
  const name = (kind: string, load: object) => (): string => JSON.stringify([type, kind, load]);
  return {
    loadByKeys: ({ signal, ...load }) =>
      guard.run(name('keys', load), signal, (own) => source.loadByKeys({ ...load, signal: own })),
    loadPage: ({ signal, ...load }) =>
      guard.run(name('page', load), signal, (own) => source.loadPage({ ...load, signal: own })),
    count: (rows, signal) => guard.run(name('count', { rows }), signal, (own) => source.count(rows, own)),
    countByKeys: (key, keys, rows, signal) =>
      guard.run(name('countByKeys', { key, keys, rows }), signal, (own) => source.countByKeys(key, keys, rows, own)),
    countBy: (fields, rows, signal) =>
      guard.run(name('countBy', { fields, rows }), signal, (own) => source.countBy(fields, rows, own)),
    canCountBy: (field) => source.canCountBy(field),
    canFilter: (rows) => source.canFilter(rows),
  };
}

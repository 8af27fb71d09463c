import type { EntitySource } from '../connector.ts';
import type { LoadName } from './shared-loads.ts';
import { listsByKey, pageList, type RecordLists } from '../provenance.ts';

/**
 * One load. Whatever a guard runs only reads: it may be tried again, be given up half-way and be answered once for
 * several callers without anything changing in the source. Its answer is never changed by whoever gets it.
 */
export interface Read<T> {
  /** Equal names are equal loads. Holds values: never shown. */
  readonly name: LoadName;
  /** Where the answer has records, which can be stale and say so; null for counts, which cannot. */
  readonly records: RecordLists<T> | null;
  /** Rejects with `SourceError`, and stops when the signal is aborted. */
  readonly load: (signal: AbortSignal) => Promise<T>;
}

/** What stands around every load of one source: time-outs, retries, breaker, bulkhead, shared and kept answers. */
export interface Guard {
  /**
   * Runs one load. Rejects with `SourceError`, or with the signal's own reason as soon as the caller gave up. What is
   * left of the signal (see time-left.ts) bounds the load.
   */
  run<T>(read: Read<T>, signal: AbortSignal): Promise<T>;
}

/** The source with its guard around each load. */
export function guarded(type: string, source: EntitySource, guard: Guard): EntitySource {
  const name = (kind: string, load: object, hint = ''): LoadName => {
    let exact: string | undefined;
    return {
      hint: `${type} ${kind} ${hint}`,
      exact: () => (exact ??= JSON.stringify([type, kind, load])),
    };
  };
  return {
    loadByKeys: ({ signal, ...load }) =>
      guard.run(
        {
          name: name('keys', load, keysHint(load.key, load.keys)),
          records: listsByKey,
          load: (own) => source.loadByKeys({ ...load, signal: own }),
        },
        signal,
      ),
    loadPage: ({ signal, ...load }) =>
      guard.run(
        { name: name('page', load), records: pageList, load: (own) => source.loadPage({ ...load, signal: own }) },
        signal,
      ),
    count: (rows, signal) =>
      guard.run({ name: name('count', { rows }), records: null, load: (own) => source.count(rows, own) }, signal),
    countByKeys: (key, keys, rows, signal) =>
      guard.run(
        {
          name: name('countByKeys', { key, keys, rows }, keysHint(key, keys)),
          records: null,
          load: (own) => source.countByKeys(key, keys, rows, own),
        },
        signal,
      ),
    countBy: (fields, rows, signal) =>
      guard.run(
        {
          name: name('countBy', { fields, rows }),
          records: null,
          load: (own) => source.countBy(fields, rows, own),
        },
        signal,
      ),
    canCountBy: (field) => source.canCountBy(field),
    canFilter: (rows) => source.canFilter(rows),
  };
}

function keysHint(key: string, keys: readonly string[]): string {
  return `${key} ${keys.length} ${keys[0]}`;
}

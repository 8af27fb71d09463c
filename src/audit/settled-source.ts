import type { EntitySource } from '../connector/connector.ts';
import { SourceError } from '../connector/source-error.ts';

/** The ledger's answers as a source that knows all of them: what is read is made findable first. */
export function settledSource(source: EntitySource, settle: () => Promise<void>): EntitySource {
  const settled = async <T>(load: () => Promise<T>): Promise<T> => {
    try {
      await settle();
    } catch (error) {
      // A part of the answers would look like all of them.
      throw new SourceError('audit', 'the ledger cannot be brought up to date', { cause: error });
    }
    return load();
  };
  return {
    ...source,
    loadByKeys: (load) => settled(() => source.loadByKeys(load)),
    loadPage: (load) => settled(() => source.loadPage(load)),
    count: (rows, signal) => settled(() => source.count(rows, signal)),
    countByKeys: (key, keys, rows, signal) => settled(() => source.countByKeys(key, keys, rows, signal)),
    countBy: (fields, rows, signal) => settled(() => source.countBy(fields, rows, signal)),
  };
}

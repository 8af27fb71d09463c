import type { EntitySource } from '../connector.ts';
import { stampLoad } from '../provenance.ts';
import type { Drops } from './drops.ts';

/**
 * The loads of one record type, each on the version that is in use when it begins; what it finds is stamped with its
 * file's date. `form` answers what no version has to be there for.
 */
export function dropSource(drops: Drops, form: EntitySource): EntitySource {
  return {
    loadByKeys: (load) =>
      drops.use(load.signal, async (source, provenance) => {
        const lists = await source.loadByKeys(load);
        stampLoad(lists, provenance);
        return lists;
      }),
    loadPage: (load) =>
      drops.use(load.signal, async (source, provenance) => {
        const page = await source.loadPage(load);
        stampLoad([page], provenance);
        return page;
      }),
    count: (rows, signal) => drops.use(signal, (source) => source.count(rows, signal)),
    countByKeys: (key, keys, rows, signal) =>
      drops.use(signal, (source) => source.countByKeys(key, keys, rows, signal)),
    countBy: (fields, rows, signal) => drops.use(signal, (source) => source.countBy(fields, rows, signal)),
    canCountBy: (field) => form.canCountBy(field),
    canFilter: (rows) => form.canFilter(rows),
  };
}

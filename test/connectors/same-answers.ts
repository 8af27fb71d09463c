import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Connector, EntitySource } from '../../src/connector/connector.ts';
import type { Filter } from '../../src/connector/filter.ts';
import { openConnector, type OpenConnector } from '../../src/connector/open-connector.ts';
import { sqliteRowStore } from '../../src/connector/simulate/row-store.ts';
import { sqliteFile } from '../../src/connector/sql/sqlite-file.ts';

/** One agency reached in two ways over the same rows. */
export interface Both {
  readonly byDatabase: OpenConnector;
  readonly byService: OpenConnector;
  readonly entities: Connector['entities'];
  close(): Promise<void>;
}

/** The agency's database of the city, and its system's like over the same file; `source` is the one that is served. */
export async function openBoth(connector: Connector, source: string, city: string, folder: string): Promise<Both> {
  const declaration = connector.sources.find((s) => s.name === source);
  const driver = declaration?.drivers.find((d) => d.kind !== 'sql');
  const tables = declaration?.drivers.find((d) => d.kind === 'sql')?.tables;
  if (declaration === undefined || driver === undefined || tables === undefined)
    throw new Error(`${source} is reached in one way only`);
  const { agency } = connector;
  const db = new Database(join(city, `${agency}.db`), { readonly: true });
  const { entities } = declaration;
  const simulator = await driver.simulate({ agency, source, entities, rows: sqliteRowStore(db, tables), folder });
  const open = (served: boolean): OpenConnector =>
    openConnector(connector, {
      dataDir: served ? folder : city,
      keyChunk: 200,
      settings: (name) =>
        served && name === source ? simulator.settings : { ...sqliteFile(name), file: join(city, `${agency}.db`) },
    });
  const [byDatabase, byService] = [open(false), open(true)];
  return {
    byDatabase,
    byService,
    entities: connector.entities,
    async close() {
      await byDatabase.close();
      await byService.close();
      await simulator.close();
      db.close();
    },
  };
}

export interface Loads {
  readonly fields: readonly string[];
  readonly rows: Filter;
  /** By the field that they are keys of. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  readonly countBy?: readonly string[];
}

/** Asks both for the same and expects the same. */
export async function sameAnswers(both: Both, type: string, { fields, rows, keys, countBy }: Loads): Promise<void> {
  const entity = both.entities.find((e) => e.type === type);
  const [a, b] = [both.byDatabase, both.byService].map((c) => c.sources.get(type));
  if (entity === undefined || a === undefined || b === undefined) throw new Error(`no ${type}`);
  const signal = AbortSignal.timeout(30_000);
  const same = async <T>(ask: (source: EntitySource) => Promise<T>): Promise<T> => {
    const [one, other] = [await ask(a), await ask(b)];
    expect(other).toEqual(one);
    return one;
  };
  const { order } = entity;
  for (const [key, list] of Object.entries(keys)) {
    const asked = [...new Set([...list, 'no such key', '😀'])];
    for (const limitPerKey of [1, 3, 50]) {
      const found = await same((s) => s.loadByKeys({ key, keys: asked, fields, rows, order, limitPerKey, signal }));
      if (rows.kind === 'always') expect(found.flat().length).toBeGreaterThan(0);
    }
    await same((s) => s.countByKeys(key, asked, rows, signal));
  }
  await same((s) => s.count(rows, signal));
  let after: readonly string[] | null = null;
  for (let i = 0; i < 4; i += 1) {
    const position: { after?: readonly string[] } = after === null ? {} : { after };
    const page = await same((s) =>
      s.loadPage({ fields: [...fields, ...order.map((k) => k.field)], rows, order, limit: 17, signal, ...position }),
    );
    const last = page.at(-1);
    if (last === undefined) break;
    after = order.map((k) => String(last[k.field]));
  }
  const sorted = (groups: readonly { values: readonly unknown[]; count: number }[]): unknown[] =>
    groups.map((g) => JSON.stringify(g)).toSorted();
  if (countBy !== undefined) await same(async (s) => sorted(await s.countBy(countBy, rows, signal)));
}

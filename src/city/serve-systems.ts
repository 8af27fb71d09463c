import Database from 'better-sqlite3';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector } from '../connector/connector.ts';
import type { SourceSettings } from '../connector/settings/source-settings.ts';
import { sqliteRowStore, type RowStore } from '../connector/simulate/row-store.ts';
import { openSamples } from '../connector/simulate/samples.ts';
import type { Simulator, SourceDeclaration, SourceDriver } from '../connector/source.ts';

/** The agencies' systems of an embedded city, each answering in its own way. */
export interface ServedSystems {
  /** By source: how the hub reaches it. */
  readonly sources: Readonly<Record<string, SourceSettings>>;
  close(): Promise<void>;
}

/** What a system serves, and by which of its drivers. */
interface Served {
  readonly driver: SourceDriver;
  readonly rows: RowStore;
  readonly close: () => void;
}

/**
 * Starts the like of every system that its connector can reach by something else than its database, over the city's own
 * files: the hub then speaks to it as it would to the real one. A connector that the city knows nothing of brings
 * `samples.json` in its folder below `root`. Sources without rows are left out.
 */
export async function serveSystems(
  dataDir: string,
  connectors: readonly Connector[],
  root: string,
): Promise<ServedSystems> {
  const started: { readonly name: string; readonly simulator: Simulator; readonly close: () => void }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((s) => s.simulator.close()));
    for (const one of started) one.close();
  };
  try {
    for (const { agency, sources } of connectors) {
      const database = join(dataDir, `${agency}.db`);
      const samples = join(root, 'connectors', agency, 'samples.json');
      for (const source of sources) {
        const served = existsSync(database)
          ? fromDatabase(database, source)
          : existsSync(samples)
            ? fromSamples(samples, source)
            : null;
        if (served === null) continue;
        started.push({ name: source.name, ...(await simulate(dataDir, agency, source, served)) });
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { sources: Object.fromEntries(started.map((s) => [s.name, s.simulator.settings])), close };
}

function fromDatabase(file: string, { drivers }: SourceDeclaration): Served | null {
  const driver = drivers.find((d) => d.kind !== 'sql');
  const tables = drivers.find((d) => d.kind === 'sql')?.tables;
  if (driver === undefined || tables === undefined) return null;
  const db = new Database(file, { readonly: true, fileMustExist: true });
  return { driver, rows: sqliteRowStore(db, tables), close: () => db.close() };
}

function fromSamples(file: string, { drivers, entities }: SourceDeclaration): Served | null {
  const [driver] = drivers;
  return driver === undefined ? null : { driver, ...openSamples(file, entities) };
}

async function simulate(
  dataDir: string,
  agency: string,
  { name, entities }: SourceDeclaration,
  { driver, rows, close }: Served,
): Promise<{ simulator: Simulator; close: () => void }> {
  const folder = join(dataDir, 'systems', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    return { simulator: await driver.simulate({ agency, source: name, entities, rows, folder }), close };
  } catch (error) {
    close();
    throw error;
  }
}

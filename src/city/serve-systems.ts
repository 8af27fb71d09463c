import Database from 'better-sqlite3';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector } from '../connector/connector.ts';
import type { SourceSettings } from '../connector/settings/source-settings.ts';
import { sqliteRowStore } from '../connector/simulate/row-store.ts';
import type { Simulator, SourceDeclaration } from '../connector/source.ts';

/** The agencies' systems of an embedded city, each answering in its own way. */
export interface ServedSystems {
  /** By source: how the hub reaches it. */
  readonly sources: Readonly<Record<string, SourceSettings>>;
  close(): Promise<void>;
}

/**
 * Starts the like of every system that its connector can reach by something else than its database, over the city's own
 * files: the hub then speaks to it as it would to the real one. Sources whose database is missing are left out.
 */
export async function serveSystems(dataDir: string, connectors: readonly Connector[]): Promise<ServedSystems> {
  const started: { readonly name: string; readonly simulator: Simulator; readonly db: Database.Database }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((s) => s.simulator.close()));
    for (const { db } of started) db.close();
  };
  try {
    for (const { agency, sources } of connectors) {
      const file = join(dataDir, `${agency}.db`);
      if (!existsSync(file)) continue;
      for (const source of sources) {
        const served = await serve(dataDir, file, agency, source);
        if (served !== null) started.push({ name: source.name, ...served });
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { sources: Object.fromEntries(started.map((s) => [s.name, s.simulator.settings])), close };
}

async function serve(
  dataDir: string,
  file: string,
  agency: string,
  { name, entities, drivers }: SourceDeclaration,
): Promise<{ simulator: Simulator; db: Database.Database } | null> {
  const driver = drivers.find((d) => d.kind !== 'sql');
  const tables = drivers.find((d) => d.kind === 'sql')?.tables;
  if (driver === undefined || tables === undefined) return null;
  const folder = join(dataDir, 'systems', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const rows = sqliteRowStore(db, tables);
    return { simulator: await driver.simulate({ agency, source: name, entities, rows, folder }), db };
  } catch (error) {
    db.close();
    throw error;
  }
}

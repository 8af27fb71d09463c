import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedCity, type CitySummary, type SeedOptions } from '../../src/city/city.ts';

export const joinSecret = Buffer.alloc(32, 7);
export const agencies = ['hotline', 'police', 'grid', 'market', 'housing'] as const;
export type Agency = (typeof agencies)[number];
export type Row = Readonly<Record<string, string | number | null>>;

export interface SeededCity {
  readonly dataDir: string;
  readonly summary: CitySummary;
  rows(agency: Agency, sql: string, ...values: (string | number)[]): readonly Row[];
  /** The only row of a query; throws when there is none or several. */
  row(agency: Agency, sql: string, ...values: (string | number)[]): Row;
  remove(): void;
}

export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'lianqiao-city-'));
}

export async function seededCity(options: Partial<SeedOptions> = {}): Promise<SeededCity> {
  const dataDir = emptyFolder();
  const summary = await seedCity({ dataDir, joinSecret, ...options });
  const open = new Map(
    agencies.map((agency) => [agency, new Database(join(dataDir, `${agency}.db`), { readonly: true })]),
  );
  const rows = (agency: Agency, sql: string, ...values: (string | number)[]): readonly Row[] =>
    (open
      .get(agency)
      ?.prepare(sql)
      .all(...values) ?? []) as Row[];
  return {
    dataDir,
    summary,
    rows,
    row(agency, sql, ...values) {
      const found = rows(agency, sql, ...values);
      const [only] = found;
      if (only === undefined || found.length > 1) throw new Error(`${found.length} rows for: ${sql}`);
      return only;
    },
    remove() {
      for (const db of open.values()) db.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** Every table of every agency, row by row, as one text. */
export function dump(city: SeededCity): string {
  return agencies
    .flatMap((agency) =>
      city
        .rows(agency, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        .map(({ name }) => JSON.stringify([agency, name, city.rows(agency, `SELECT * FROM ${name}`)])),
    )
    .join('\n');
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { onTestFinished } from 'vitest';
import { importTickets, type ImportOptions, type ImportReport } from '../../src/tickets/import/import-tickets.ts';

export type Row = Record<string, string | number | null>;

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const fixture = (name: string): string => resolve('test/fixtures/import', name);

/** A mapping of columns `no`, `time` and `title`, with more of it from the test. */
export function simpleMapping(
  more: { source?: string; key?: string; top?: string; fields?: readonly string[] } = {},
): string {
  return [
    'version: 1',
    `source: { system: s${more.source === undefined ? '' : `, ${more.source}`} }`,
    `key: ${more.key ?? '{ column: no }'}`,
    ...(more.top === undefined ? [] : [more.top]),
    'fields:',
    '  status: { constant: ACCEPTED }',
    '  receivedAt: { column: time, format: yyyy-MM-dd HH:mm:ss }',
    ...(more.fields ?? ['title: { column: title }']).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

/** One folder with a CSV file, a mapping and a store. */
export class Bench {
  readonly folder = temporaryFolder();
  readonly file = join(this.folder, 'in.csv');
  readonly mapping = join(this.folder, 'mapping.yaml');
  readonly dataDir = join(this.folder, 'data');
  readonly rejects = join(this.dataDir, 'in.csv.rejects.csv');

  constructor(csv: string | Buffer, mapping: string) {
    writeFileSync(this.file, csv);
    writeFileSync(this.mapping, mapping);
  }

  import(more: Partial<ImportOptions> = {}): Promise<ImportReport> {
    return importTickets({ file: this.file, mapping: this.mapping, dataDir: this.dataDir, ...more });
  }

  query(sql: string): Row[] {
    return queryStore(this.dataDir, sql);
  }

  rejected(): Row[] {
    return readRejects(this.rejects);
  }
}

export function queryStore(dataDir: string, sql: string): Row[] {
  const database = new Database(join(dataDir, 'hotline.db'), { readonly: true });
  try {
    return database.prepare<[], Row>(sql).all();
  } finally {
    database.close();
  }
}

/** Row, line, code and column of each rejected row. */
export function readRejects(path: string): Row[] {
  const rows: Record<string, string>[] = parse(readFileSync(path), {
    bom: true,
    columns: true,
    relax_column_count: true,
  });
  return rows.map((row) => ({
    row: Number(row['reject_row']),
    line: Number(row['reject_line']),
    code: row['reject_code'] ?? '',
    column: row['reject_column'] ?? '',
  }));
}

export const counts = ({ read, inserted, updated, unchanged, rejected }: ImportReport): readonly number[] => [
  read,
  inserted,
  updated,
  unchanged,
  rejected,
];

/** Compiles the command into the folder; returns the script that runs it in a process of its own. */
export function compileCommand(folder: string): string {
  const config = {
    extends: resolve('tsconfig.json'),
    compilerOptions: {
      rootDir: resolve('src'),
      outDir: join(folder, 'out'),
      typeRoots: [resolve('node_modules/@types')],
    },
    files: [resolve('src/cli/import.ts')],
    include: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder], { stdio: 'inherit' });
  const script = join(folder, 'run.js');
  writeFileSync(
    script,
    `import { Command } from 'commander';
import { importCommand } from './out/cli/import.js';
await new Command('lianqiao').addCommand(importCommand()).parseAsync();
`,
  );
  return script;
}

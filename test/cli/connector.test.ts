import { spawnSync } from 'node:child_process';
import Database from 'better-sqlite3';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { allChecks } from '../../src/connector/check/all-checks.ts';
import { realChecks } from '../../src/connector/check/check-real.ts';
import { projectRoot } from '../../src/schema/project-root.ts';

/* `lianqiao connector`, as a process of its own. */

const folder = mkdtempSync(join(tmpdir(), 'lianqiao-connector-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...given: readonly (string | NodeJS.ProcessEnv)[]): { status: number | null; out: string; err: string } {
  const args = given.filter((one) => typeof one === 'string');
  const [env = {}] = given.filter((one) => typeof one !== 'string');
  const main = join(projectRoot, 'dist/src/cli/main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'connector', ...args], {
    encoding: 'utf8',
    env: { ...process.env, LIANQIAO_DATA_DIR: inject('city'), ...env },
    timeout: 60_000,
  });
  return { status, out: stdout, err: stderr };
}

interface Report {
  readonly against: string;
  readonly passed: number;
  readonly failed: number;
  readonly notApplicable: number;
  readonly checks: readonly Readonly<Record<string, unknown>>[];
}

describe('check', () => {
  test('prints a table, and exits with 0 where nothing failed', () => {
    const { status, out } = run('check', 'police', '--quick', '--only', 'key-alignment', '--only', 'code-table');
    expect(status).toBe(0);
    expect(out).toMatch(/^passed +police by rest +key-alignment +\d+\.\d s {2}\S/m);
    expect(out).toMatch(/^passed +police by sql +code-table/m);
    expect(out.trim().split('\n').at(-1)).toBe('police: 4 passed, 0 failed, 0 not applicable');
  });

  test('writes and prints its report as JSON', () => {
    const file = join(folder, 'report.json');
    const { status, out } = run(
      'check',
      'housing',
      '--quick',
      '--source',
      'graphql',
      '--only',
      'heals',
      '--json',
      '--out',
      file,
    );
    expect(status).toBe(0);
    const report = JSON.parse(out) as Report;
    expect(report).toMatchObject({ agency: 'housing', against: 'simulator', quick: true, passed: 2, failed: 0 });
    expect(Object.keys(report.checks[0] ?? {})).toEqual([
      'check',
      'source',
      'kind',
      'result',
      'seconds',
      'seen',
      'problems',
    ]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(report);
  });

  test('looks at the real source', () => {
    const { status, out } = run('check', 'grid', '--real', '--json');
    expect(status).toBe(0);
    const report = JSON.parse(out) as Report;
    expect(report).toMatchObject({ against: 'real source', failed: 0 });
    expect(new Set(report.checks.map((c) => c['check']))).toEqual(
      new Set(['reachable', 'gives-records', ...realChecks.map((c) => c.name)]),
    );
  });

  test('exits with 1, and says so, where the real source gives nothing', () => {
    const nothing = join(folder, 'empty');
    mkdirSync(nothing);
    cpSync(join(inject('city'), 'grid.db'), join(nothing, 'grid.db'));
    const db = new Database(join(nothing, 'grid.db'));
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[];
    for (const table of tables) db.exec(`DELETE FROM "${table}"`);
    db.close();
    const { status, out } = run({ LIANQIAO_DATA_DIR: nothing }, 'check', 'grid', '--real');
    expect(status).toBe(1);
    expect(out).toMatch(/^passed +grid by sql +reachable/m);
    expect(out).toMatch(/^failed +grid by sql +gives-records .*\n +Grid: the source gives no record of any type/m);
  });

  test('asks the real source by each column that relations find records by', () => {
    const { status, out } = run('check', 'grid', '--real', '--only', 'join-columns');
    expect(status).toBe(0);
    expect(out).toMatch(/^passed +grid by sql +join-columns .*GridEvent: gridCode by \d+ values/m);
  });

  test('exits with 1 where a key that was named is not there', () => {
    const { status, out } = run('check', 'grid', '--real', '--key', 'Grid=nobody', '--only', 'gives-records');
    expect(status).toBe(1);
    expect(out).toContain('Grid: none of the keys that --key names is there');
  });

  test('exits with 1 where the real source is not there', () => {
    const main = join(projectRoot, 'dist/src/cli/main.js');
    const { status, stdout } = spawnSync(process.execPath, [main, 'connector', 'check', 'police', '--real'], {
      encoding: 'utf8',
      env: {
        ...process.env,
        LIANQIAO_DATA_DIR: join(folder, 'nothing'),
        LIANQIAO_SOURCES: '{ police: { kind: rest, url: "http://127.0.0.1:9/", retries: 0 } }',
      },
    });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^failed +police by rest +reachable/m);
    expect(stdout).toContain('SourceError: the police source cannot be reached (ECONNREFUSED)');
  });

  test.each([
    [['check', 'polcie'], 'Did you mean police?'],
    [['check', 'police', '--only', 'half-answers'], 'there is no check half-answers. Did you mean half-answer?'],
    [['check', 'grid', '--source', 'soap'], 'grid is not reached by soap'],
    [['check', 'grid', '--real', '--key', 'Grid'], '--key Grid: write TYPE=KEY'],
    [['check'], "missing required argument 'agency'"],
    [['new', 'Fire'], '"Fire" is no agency\'s name'],
    [['new', 'fire', '--source', 'ftp'], 'Allowed choices are'],
  ])('%j: used wrongly', (args, message) => {
    const { status, err } = run(...args);
    expect(status).toBe(2);
    expect(err).toContain(message);
  });

  test('of an agency that is there already, new says so', () => {
    const { status, err } = run('new', 'police');
    expect([status, err]).toEqual([1, 'error: connectors/police is there already\n']);
  });
});

test('there are checks', () => {
  expect(allChecks.length).toBeGreaterThan(30);
});

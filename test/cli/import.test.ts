import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileCommand, queryStore, simpleMapping, temporaryFolder } from '../tickets/import-kit.ts';

const compiled = mkdtempSync(join(tmpdir(), 'lianqiao-cli-'));
let script = '';
beforeAll(() => {
  script = compileCommand(compiled);
}, 60_000);
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

interface Case {
  readonly file: string;
  readonly mapping: string;
  readonly dataDir: string;
}

function prepare(rows: readonly string[], mapping = simpleMapping()): Case {
  const folder = temporaryFolder();
  const made = { file: join(folder, 'in.csv'), mapping: join(folder, 'm.yaml'), dataDir: join(folder, 'data') };
  writeFileSync(made.file, ['no,time,title', ...rows, ''].join('\n'));
  writeFileSync(made.mapping, mapping);
  return made;
}

const argumentsOf = ({ file, mapping, dataDir }: Case): string[] => [
  script,
  'import',
  'tickets',
  file,
  '--mapping',
  mapping,
  '--data-dir',
  dataDir,
];
function run(args: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}
const at = '2026-01-02 03:04:05';

test('exit code 0 when all is done, and again as a no-op; 1 with rejected rows', () => {
  const good = prepare([`1,${at},甲`, `2,${at},乙`]);
  expect(run(argumentsOf(good))).toEqual({
    code: 0,
    out: 'read 2 = inserted 2 + updated 0 + unchanged 0 + rejected 0\n',
    err: '',
  });
  expect(run(argumentsOf(good))).toEqual({
    code: 0,
    out: 'This file was already imported with this mapping; --restart does it again.\nread 2 = inserted 2 + updated 0 + unchanged 0 + rejected 0\n',
    err: '',
  });
  const bad = prepare([`1,${at},甲`, '2,soon,乙']);
  expect(run(argumentsOf(bad))).toEqual({
    code: 1,
    out: `read 2 = inserted 1 + updated 0 + unchanged 0 + rejected 1\n  BAD_DATE 1\nRejected rows: ${bad.dataDir}/in.csv.rejects.csv\n`,
    err: '',
  });
});

test('--json prints the report', () => {
  const { code, out } = run([...argumentsOf(prepare([`1,${at},甲`])), '--json', '--dry-run']);
  expect([code, JSON.parse(out)]).toEqual([
    0,
    {
      read: 1,
      inserted: 1,
      updated: 0,
      unchanged: 0,
      rejected: 0,
      rejectsByCode: {},
      rejectsFile: null,
      resumedAfterRow: 0,
      alreadyDone: false,
      dryRun: true,
    },
  ]);
});

test('exit code 2 and a place for each mistake of the mapping, before anything is written', () => {
  const wrong = prepare(
    [`1,${at},甲`],
    simpleMapping({ fields: ['titel: { column: title }', 'content: { colum: x }'] }),
  );
  const { code, out, err } = run(argumentsOf(wrong));
  expect([code, out, err.split('\n').map((line) => line.replace(`${wrong.mapping}:`, '').slice(0, 48))]).toEqual([
    2,
    '',
    ['7:3: unknown field titel. Did you mean title? Fi', '8:14: unknown setting colum. Did you mean column', ''],
  ]);
  expect(existsSync(wrong.dataDir)).toBe(false);
});

test('exit code 2 when used wrongly, 0 for help', () => {
  const good = prepare([]);
  const calls = [
    ['import'],
    ['import', 'tickets'],
    ['import', 'tickets', good.file],
    ['import', 'people'],
    ['import', '--nope'],
    ['import', 'tickets', join(good.dataDir, 'none.csv'), '--mapping', good.mapping],
    ['import', 'tickets', good.file, '--mapping', join(good.dataDir, 'none.yaml')],
  ];
  expect(calls.map((args) => run([script, ...args]).code)).toEqual(calls.map(() => 2));
  expect(run([script, 'import', '--help']).code).toBe(0);
  expect(run([script, 'import', 'tickets', '--help']).out).toMatch(/--restart/);
});

const everything = (dataDir: string) => ({
  tickets: queryStore(dataDir, 'SELECT * FROM ticket ORDER BY ticket_no').map((row) => ({ ...row, updated_at: null })),
  parties: queryStore(dataDir, 'SELECT * FROM ticket_party ORDER BY ticket_no, agency'),
  keys: queryStore(dataDir, 'SELECT * FROM import_run_key'),
  indexes: queryStore(dataDir, "SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name"),
});

/** Rows that the run has committed, as another process sees them. */
function committed(dataDir: string): number {
  const file = join(dataDir, 'hotline.db');
  if (!existsSync(file)) return 0;
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare<[], number>('SELECT last_row FROM import_run').pluck().get() ?? 0;
  } catch {
    return 0;
  } finally {
    database.close();
  }
}

async function killAfter(what: Case, rows: number): Promise<void> {
  const child = spawn(process.execPath, argumentsOf(what), { stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (committed(what.dataDir) < rows && child.exitCode === null) await sleep(1);
  child.kill('SIGKILL');
  await ended;
  expect(child.signalCode).toBe('SIGKILL');
}

test.each(['reject', 'last'])(
  'killed again and again (onDuplicate: %s), it ends as if it had never stopped',
  async (onDuplicate) => {
    const total = 12_000;
    const rows = Array.from({ length: total }, (_, i) => {
      if (i % 7 === 3) return `${i},soon,坏时间 ${i}`;
      return `${i % 11 === 5 ? i - 1 : i},${at},标题 ${i}`;
    });
    const fields = ['title: { column: title }', 'coAgencies: { constant: grid }'];
    const mapping = simpleMapping({ fields, top: `onDuplicate: ${onDuplicate}` });
    const whole = prepare(rows, mapping);
    const wholeReport: Record<string, unknown> = JSON.parse(run([...argumentsOf(whole), '--json']).out);

    const killed = prepare(rows, mapping);
    for (const after of [1, 3000, 7000]) await killAfter(killed, after);
    const resumed = run([...argumentsOf(killed), '--json']);
    const report: Record<string, unknown> = JSON.parse(resumed.out);

    expect(resumed.code).toBe(1);
    expect(report['resumedAfterRow']).toBeGreaterThanOrEqual(7000);
    expect(report['resumedAfterRow']).toBeLessThan(total);
    const rejectsOf = ({ dataDir }: Case): string => join(dataDir, 'in.csv.rejects.csv');
    expect(report).toEqual({
      ...wholeReport,
      rejectsFile: rejectsOf(killed),
      resumedAfterRow: report['resumedAfterRow'],
    });
    expect(everything(killed.dataDir)).toEqual(everything(whole.dataDir));
    expect(everything(killed.dataDir).keys).toEqual([]);
    expect(readFileSync(rejectsOf(killed)).equals(readFileSync(rejectsOf(whole)))).toBe(true);
  },
  120_000,
);

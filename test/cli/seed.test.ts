import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { seedCommand } from '../../src/cli/seed.ts';
import { emptyFolder } from '../city/seeded-city.ts';

let dataDir: string;
let out: string;
let err: string;

beforeEach(() => {
  dataDir = emptyFolder();
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dataDir, { recursive: true });
  process.exitCode = undefined;
});

async function run(...args: string[]): Promise<number> {
  process.exitCode = undefined;
  await seedCommand().parseAsync(args, { from: 'user' });
  return Number(process.exitCode ?? 0);
}

test('seeds a folder and says what to try', async () => {
  expect(await run('--tickets', '50', '--data-dir', dataDir)).toBe(0);
  expect(out).toMatch(
    /^Seeded 50 tickets \(seed 1\) in .+\n( {2}\w+ +\d+ rows in \d tables\n){5}Try ticket 12345:2026110500000001\n$/,
  );
  expect(err).toBe('');
  expect(readdirSync(dataDir).sort()).toEqual([
    'city.json',
    'grid.db',
    'hotline.db',
    'housing.db',
    'keys',
    'market.db',
    'police.db',
  ]);
});

test('--json prints the summary; a second run is refused with 1, --force runs again', async () => {
  expect(await run('--tickets', '50', '--seed', '4', '--data-dir', dataDir, '--json')).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ tickets: 50, seed: 4 });
  expect(await run('--tickets', '50', '--data-dir', dataDir)).toBe(1);
  expect(err).toBe(`error: the data folder ${dataDir} already holds hotline.db: add --force to replace the city\n`);
  expect(await run('--tickets', '60', '--data-dir', dataDir, '--force')).toBe(0);
});

test('a folder that cannot be written is one line and 1', async () => {
  writeFileSync(join(dataDir, 'file'), '');
  const inside = join(dataDir, 'file', 'data');
  expect(await run('--data-dir', inside)).toBe(1);
  expect(err).toBe(
    `error: the data folder ${inside} cannot be written (ENOTDIR): choose another with --data-dir or LIANQIAO_DATA_DIR\n`,
  );
});

test.each([
  [['--tickets', '9'], '--tickets'],
  [['--tickets', 'many'], '--tickets'],
  [['--tickets', '1e3'], '--tickets'],
  [['--seed', '-1'], '--seed'],
  [['--colour', 'red'], 'unknown option'],
])('%j is used wrongly: 2', async (args, named) => {
  await expect(run(...args, '--data-dir', dataDir)).rejects.toThrow('exit 2');
  expect(err).toContain(named);
  expect(readdirSync(dataDir)).toEqual([]);
});

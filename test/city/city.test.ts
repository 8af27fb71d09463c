import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { seedCity } from '../../src/city/city.ts';
import { dump, emptyFolder, joinSecret, seededCity, type SeededCity } from './seeded-city.ts';

const cities: SeededCity[] = [];
const folders: string[] = [];

async function city(options: Parameters<typeof seededCity>[0]): Promise<SeededCity> {
  const made = await seededCity(options);
  cities.push(made);
  return made;
}

function folder(): string {
  const made = emptyFolder();
  folders.push(made);
  return made;
}

afterEach(() => {
  for (const made of cities.splice(0)) made.remove();
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

test('equal seed, size and secret give the same rows; another seed or secret does not', async () => {
  const [one, same, other, keyed] = await Promise.all([
    city({ tickets: 200, seed: 5 }),
    city({ tickets: 200, seed: 5 }),
    city({ tickets: 200, seed: 6 }),
    city({ tickets: 200, seed: 5, joinSecret: Buffer.alloc(32, 8) }),
  ]);
  expect(dump(same) === dump(one)).toBe(true);
  expect(same.summary).toEqual(one.summary);
  expect(dump(other) === dump(one)).toBe(false);
  const digests = 'SELECT BJDH_ZY FROM JJD WHERE BJDH_ZY IS NOT NULL ORDER BY JJDBH';
  expect(keyed.rows('police', digests)).not.toEqual(one.rows('police', digests));
  const phones = 'SELECT JJDBH, BJDH FROM JJD ORDER BY JJDBH';
  expect(keyed.rows('police', phones)).toEqual(one.rows('police', phones));
});

test('the folder holds five databases and a summary that counts their rows', async () => {
  const made = await city({ tickets: 120, seed: 3 });
  expect(readdirSync(made.dataDir).sort()).toEqual([
    'city.json',
    'grid.db',
    'hotline.db',
    'housing.db',
    'market.db',
    'police.db',
  ]);
  expect(JSON.parse(readFileSync(join(made.dataDir, 'city.json'), 'utf8'))).toEqual(made.summary);
  expect({ seed: made.summary.seed, tickets: made.summary.tickets }).toEqual({ seed: 3, tickets: 120 });
  for (const [agency, tables] of Object.entries(made.summary.rows)) {
    for (const [table, n] of Object.entries(tables)) {
      expect([agency, table, made.row(agency as 'hotline', `SELECT count(*) AS n FROM ${table}`)['n']]).toEqual([
        agency,
        table,
        n,
      ]);
    }
  }
  const incidents = Object.values(made.summary.incidents).reduce((sum, n) => sum + n, 0);
  expect(incidents).toBe(made.summary.rows['police']?.['JJD']);
});

test('a city that is there is refused, and replaced only by force, with the logs beside it', async () => {
  const dataDir = folder();
  writeFileSync(join(dataDir, 'grid.db'), 'somebody else’s');
  writeFileSync(join(dataDir, 'grid.db-wal'), 'a stale log');
  await expect(seedCity({ dataDir, tickets: 20, joinSecret })).rejects.toMatchObject({
    code: 'CITY_EXISTS',
    message: `the data folder ${dataDir} already holds grid.db: add --force to replace the city`,
  });
  expect(readFileSync(join(dataDir, 'grid.db'), 'utf8')).toBe('somebody else’s');
  await seedCity({ dataDir, tickets: 20, joinSecret, force: true });
  expect(existsSync(join(dataDir, 'grid.db-wal'))).toBe(false);
  expect(statSync(join(dataDir, 'grid.db')).size).toBeGreaterThan(100_000);
});

test('a seed that breaks off leaves the folder as it was', async () => {
  const dataDir = folder();
  const breakOff = (done: number): void => {
    if (done > 0) throw new Error('power cut');
  };
  await expect(seedCity({ dataDir, tickets: 5_100, joinSecret, onProgress: breakOff })).rejects.toThrow('power cut');
  expect(readdirSync(dataDir)).toEqual([]);
});

test('progress runs from nothing to all', async () => {
  const seen: [number, number][] = [];
  await seedCity({
    dataDir: folder(),
    tickets: 5_100,
    joinSecret,
    onProgress: (done, total) => seen.push([done, total]),
  });
  expect(seen).toEqual([
    [0, 5_100],
    [5_000, 5_100],
    [5_100, 5_100],
  ]);
});

test('a folder that cannot be made is one clear line', async () => {
  const file = join(folder(), 'a-file');
  writeFileSync(file, '');
  await expect(seedCity({ dataDir: join(file, 'data'), joinSecret })).rejects.toMatchObject({
    code: 'FOLDER_UNUSABLE',
    message: `the data folder ${join(file, 'data')} cannot be written (ENOTDIR): choose another with --data-dir or LIANQIAO_DATA_DIR`,
  });
});

test.each([9, 10_000_001, 20.5, Number.NaN])('%s tickets are refused', async (tickets) => {
  await expect(seedCity({ dataDir: folder(), tickets, joinSecret })).rejects.toThrow(RangeError);
});

test('twenty thousand tickets need no more memory than a few batches', async () => {
  const before = process.memoryUsage().rss;
  let most = before;
  const dataDir = folder();
  await seedCity({
    dataDir,
    tickets: 20_000,
    joinSecret,
    onProgress: () => (most = Math.max(most, process.memoryUsage().rss)),
  });
  expect((most - before) / 1e6).toBeLessThan(300);
}, 30_000);

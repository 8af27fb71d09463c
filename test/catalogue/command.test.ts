import { parse } from 'csv-parse/sync';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { catalogueItems, narrow, openCatalogue, type Catalogue } from '../../src/catalogue/catalogue.ts';
import { catalogueDcat } from '../../src/catalogue/dcat.ts';
import { printCatalogue } from '../../src/catalogue/print.ts';
import { loadConfig } from '../../src/config/config.ts';
import { loadHouse } from '../../src/hub/house.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { catalogue } from './catalogue-command.ts';

/* The command over the repository's own contract and policies. */

let folder: string;
let whole: Catalogue;
beforeAll(async () => {
  vi.stubEnv('LIANQIAO_CONFIG', '');
  folder = mkdtempSync(join(tmpdir(), 'lianqiao-catalogue-'));
  const house = await loadHouse(projectRoot, loadConfig({}).connectors);
  whole = openCatalogue(house)(house);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('lianqiao catalogue', () => {
  test('prints the whole catalogue, or what is asked for of it', async () => {
    expect(await catalogue()).toEqual({ status: 0, stdout: printCatalogue(whole), stderr: '' });
    const grid = narrow(whole, { agency: 'grid', type: 'Ticket' });
    expect(catalogueItems(grid, {}).map((i) => i.coordinate)).toEqual(['Ticket.grid', 'Ticket.gridReceipts']);
    expect(await catalogue('--agency', 'grid', '--type', 'Ticket')).toEqual({
      status: 0,
      stdout: printCatalogue(grid),
      stderr: '',
    });
  });

  test('as JSON, as CSV and as DCAT', async () => {
    for (const args of [['--json'], ['--format', 'json']])
      expect(JSON.parse((await catalogue(...args)).stdout)).toEqual(JSON.parse(JSON.stringify(whole)));
    const csv = await catalogue('--format', 'csv', '--bom');
    expect(parse(csv.stdout, { bom: true })).toHaveLength(1 + catalogueItems(whole, {}).length);
    const here = await catalogue('--format', 'dcat');
    expect(JSON.parse(here.stdout)).toEqual(JSON.parse(JSON.stringify(catalogueDcat(whole, 'http://127.0.0.1:4000'))));
    const there = await catalogue('--format', 'dcat', '--url', 'https://hub.example/');
    expect(JSON.parse(there.stdout)).toEqual(JSON.parse(JSON.stringify(catalogueDcat(whole, 'https://hub.example'))));
  });

  test('writes a file, the same each time', async () => {
    const file = join(folder, 'catalogue.jsonld');
    const written = new Set<string>();
    for (let i = 0; i < 2; i++) {
      expect(await catalogue('--format', 'dcat', '--out', file)).toEqual({ status: 0, stdout: '', stderr: '' });
      written.add(readFileSync(file, 'utf8'));
    }
    expect(written.size).toBe(1);
  });

  test.each([
    [['--agency', 'polise'], 'error: there is no agency polise in the catalogue. Did you mean police?\n'],
    [['--type', 'Tickets'], 'error: there is no type Tickets in the catalogue. Did you mean Ticket?\n'],
    [['--type', 'CatalogueItem'], 'error: there is no type CatalogueItem in the catalogue.\n'],
    [['--agency', 'audit', '--type', 'Ticket'], 'error: audit has no fields of Ticket\n'],
    [['--bom'], 'error: --bom goes with --format csv only\n'],
    [['--bom', '--json', '--format', 'csv'], 'error: --bom goes with --format csv only\n'],
    [['--url', 'https://hub.example'], 'error: --url goes with --format dcat only\n'],
    [
      ['--format', 'dcat', '--url', 'hub'],
      "error: option '--url <url>' argument 'hub' is invalid. Write an address such as https://hub.example.gov.cn.\n",
    ],
    [
      ['--format', 'xml'],
      "error: option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json, csv, dcat.\n",
    ],
    [['all'], "error: too many arguments for 'catalogue'. Expected 0 arguments but got 1.\n"],
  ])('used wrongly (%j) says how, and exits with 2', async (args, stderr) => {
    expect(await catalogue(...args)).toEqual({ status: 2, stdout: '', stderr });
  });

  test('says so where the file cannot be written', async () => {
    const run = await catalogue('--out', join(folder, 'none', 'catalogue.txt'));
    expect({ ...run, stderr: run.stderr.slice(0, 14) }).toEqual({ status: 2, stdout: '', stderr: 'error: ENOENT:' });
  });
});

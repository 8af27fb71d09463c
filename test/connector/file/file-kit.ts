import iconv from 'iconv-lite';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { integer, spacedDateTime, text } from '../../../src/connector/codings.ts';
import type { EntitySource, SourceRecord } from '../../../src/connector/connector.ts';
import type { FileEntity } from '../../../src/connector/file/declaration.ts';
import { fileDriver } from '../../../src/connector/file/file-driver.ts';
import { always } from '../../../src/connector/filter.ts';
import { column } from '../../../src/connector/mapping.ts';
import { sourceSettings } from '../../../src/connector/settings/source-settings.ts';
import type { MappedEntity, OpenSource } from '../../../src/connector/source.ts';
import type { SourceError } from '../../../src/connector/source-error.ts';

/** Of the test that runs: the data folder, and the one that files are dropped into. */
export const at = { root: '', drops: '' };
const opened: OpenSource[] = [];
beforeEach(() => {
  at.root = mkdtempSync(join(tmpdir(), 'lianqiao-drops-'));
  at.drops = join(at.root, 'drops');
  mkdirSync(at.drops);
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  rmSync(at.root, { recursive: true, force: true });
});

export const fund: MappedEntity = {
  type: 'Fund',
  key: 'house',
  order: [{ field: 'house', direction: 'ASC' }],
  mapping: {
    house: column('H', text),
    balance: column('B', integer),
    at: column('T', spacedDateTime),
    owner: column('O', text),
  },
};
export const csv: FileEntity = {
  name: 'FUND_*.csv',
  format: { kind: 'csv', encoding: 'gb18030' },
  columns: { H: '房屋', B: '余额', T: '时间', O: '业主' },
  joins: ['O'],
};
export const header = '房屋,余额,时间,业主,备注\n';

export interface Opened {
  readonly funds: EntitySource;
  readonly source: OpenSource;
  readonly problems: string[];
}

export function open(file: FileEntity = csv, settings: object = {}): Opened {
  const problems: string[] = [];
  const source = fileDriver({ Fund: file }).open({
    agency: 'housing',
    source: 'housing-fund',
    entities: [fund],
    settings: sourceSettings.parse({ kind: 'file', folder: at.drops, pollSeconds: 1, ...settings }),
    dataDir: at.root,
    batchKeys: 100,
    onStatement: () => undefined,
    onProblem: (message) => void problems.push(message),
  });
  opened.push(source);
  const funds = source.sources.get('Fund');
  if (funds === undefined) throw new Error('no funds');
  return { funds, source, problems };
}

/** Drops a file, by default in GB18030. */
export function drop(name: string, content: string | Buffer, checksum = false): void {
  const bytes = typeof content === 'string' ? iconv.encode(content, 'gb18030') : content;
  // As a careful agency does it: written beside its name, then moved there.
  writeFileSync(join(at.drops, `.${name}`), bytes);
  renameSync(join(at.drops, `.${name}`), join(at.drops, name));
  if (checksum)
    writeFileSync(join(at.drops, `${name}.sha256`), `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
}

export const signal = (): AbortSignal => AbortSignal.timeout(10_000);
export const all = (funds: EntitySource): Promise<readonly SourceRecord[]> =>
  funds.loadPage({
    fields: ['house', 'balance', 'at', 'owner'],
    rows: always,
    order: fund.order,
    limit: 100,
    signal: signal(),
  });
export const houses = async (funds: EntitySource): Promise<unknown[]> => (await all(funds)).map((r) => r['house']);
/** What comes once it was picked up. */
export const eventually = (funds: EntitySource) =>
  expect.poll(async () => houses(funds).catch((e: SourceError) => e.fault), { timeout: 8_000, interval: 100 });
export const row = (house: string, balance = '100', owner = '甲'): string =>
  `${house},${balance},2026-11-05 10:00:00,${owner},x\n`;

import { expect } from 'vitest';
import { checkConnector } from '../../../src/connector/check/check-connector.ts';
import type { SourceDriver } from '../../../src/connector/source.ts';
import { thingsBy } from './things.ts';

/** What depends on the form; faults of the network and size are the same for all, and tried elsewhere. */
const only = [
  'key-alignment',
  'missing-keys',
  'duplicate-keys',
  'reordered-keys',
  'huge-batch',
  'batched-keys',
  'asked-once',
  'concurrent-loads',
  'unicode',
  'exact-texts',
  'long-texts',
  'nulls',
  'exact-numbers',
  'code-table',
  'only-asked-fields',
  'row-filter',
  'limit-per-key',
  'keyset-paging',
  'full-pages',
  'counts',
  'type-changed',
  'half-answer',
  'paging-loop',
  'secrets-unsaid',
];

/** The driver passes the kit in what depends on the form of its service. */
export async function passesByForm(driver: SourceDriver): Promise<void> {
  const results = await checkConnector(thingsBy(driver), { quick: true, only });
  expect(results.filter((r) => r.result === 'failed').map((r) => [r.check, ...r.problems])).toEqual([]);
  expect(results.filter((r) => r.result === 'passed').length).toBeGreaterThanOrEqual(only.length - 3);
}

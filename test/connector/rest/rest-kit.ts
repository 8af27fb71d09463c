import { integer, text, zonedDateTime } from '../../../src/connector/codings.ts';
import type { EntitySource, KeyLoad, PageLoad } from '../../../src/connector/connector.ts';
import { always } from '../../../src/connector/filter.ts';
import { column } from '../../../src/connector/mapping.ts';
import type { RestEntity, RestService } from '../../../src/connector/rest/declaration.ts';
import { restDriver } from '../../../src/connector/rest/rest-driver.ts';
import { sourceSettings } from '../../../src/connector/settings/source-settings.ts';
import type { MappedEntity, OpenSource } from '../../../src/connector/source.ts';

export const call: MappedEntity = {
  type: 'Call',
  key: 'no',
  order: [
    { field: 'at', direction: 'DESC' },
    { field: 'no', direction: 'DESC' },
  ],
  mapping: {
    no: column('NO', text),
    place: column('PLACE', text),
    at: column('AT', zonedDateTime),
    size: column('SIZE', integer),
    note: column('NOTE', text),
  },
};

export const plain: RestEntity = {
  list: { method: 'GET', path: '/calls', columns: { name: 'fields', separator: ',' }, paging: { kind: 'none' } },
  keys: {
    NO: { kind: 'batch', parameter: { name: 'no' }, most: 50 },
    PLACE: { kind: 'batch', parameter: { name: 'place' }, most: 50 },
  },
  rows: ['items'],
};

export interface Opened {
  readonly source: OpenSource;
  readonly calls: EntitySource;
  readonly statements: string[];
}

/** The driver on a service at this address. */
export function open(
  url: string,
  entity: RestEntity,
  settings: object = {},
  batchKeys = 500,
  service: Partial<RestService> = {},
): Opened {
  const statements: string[] = [];
  const source = restDriver({ health: '/health', entities: { Call: entity }, ...service }).open({
    agency: 'fire',
    source: 'fire',
    entities: [call],
    settings: sourceSettings.parse({ kind: 'rest', url, answerMilliseconds: 10_000, ...settings }),
    dataDir: '.',
    batchKeys,
    onStatement: (text) => void statements.push(text),
  });
  const calls = source.sources.get('Call');
  if (calls === undefined) throw new Error('no calls');
  return { source, calls, statements };
}

export const byKeys = (keys: readonly string[], more: Partial<KeyLoad> = {}): KeyLoad => ({
  key: 'no',
  keys,
  fields: ['no', 'place'],
  rows: always,
  order: call.order,
  limitPerKey: 10,
  signal: AbortSignal.timeout(20_000),
  ...more,
});

export const page = (more: Partial<PageLoad> = {}): PageLoad => ({
  fields: ['no'],
  rows: always,
  order: call.order,
  limit: 10,
  signal: AbortSignal.timeout(20_000),
  ...more,
});

/** A row as the service has it. */
export const row = (no: string, more: object = {}): Readonly<Record<string, unknown>> => ({
  NO: no,
  PLACE: '福州',
  AT: '2026-11-05T10:00:00+08:00',
  SIZE: 1,
  NOTE: null,
  ...more,
});

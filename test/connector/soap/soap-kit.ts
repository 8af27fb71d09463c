import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { integer, text } from '../../../src/connector/codings.ts';
import type { EntitySource, KeyLoad, PageLoad } from '../../../src/connector/connector.ts';
import { always } from '../../../src/connector/filter.ts';
import { column } from '../../../src/connector/mapping.ts';
import { sourceSettings } from '../../../src/connector/settings/source-settings.ts';
import type { SoapEntity, SoapService } from '../../../src/connector/soap/declaration.ts';
import { soapDriver } from '../../../src/connector/soap/soap-driver.ts';
import type { MappedEntity, OpenSource } from '../../../src/connector/source.ts';
import { SourceError } from '../../../src/connector/source-error.ts';
import { namesOf } from '../../../src/scaffold/names.ts';
import { takenNames } from '../../../src/scaffold/taken.ts';
import { projectRoot } from '../../../src/schema/project-root.ts';
import { wsdlFile } from '../../../src/scaffold/wsdl-file.ts';
import type { OddAnswer } from '../../kit/odd-server.ts';

/** A folder with the WSDL of a service of repairs, `water.wsdl`; `changed` makes another of it. */
export function wsdlFolder(changed: (wsdl: string) => string = (wsdl) => wsdl): string {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-soap-'));
  writeFileSync(
    join(folder, 'water.wsdl'),
    changed(wsdlFile(namesOf({ agency: 'water', source: 'soap', type: 'Repair' }, takenNames(projectRoot)))),
  );
  return folder;
}

export const repair: MappedEntity = {
  type: 'Repair',
  key: 'no',
  order: [{ field: 'no', direction: 'ASC' }],
  mapping: {
    no: column('BH', text),
    ticket: column('GDBH', text),
    at: column('FSSJ', text),
    state: column('ZT', integer),
    note: column('NR', text),
  },
};

export const plain: SoapEntity = {
  list: {
    operation: 'QueryRepair',
    rows: ['items', 'item'],
    columns: ['columns', 'column'],
    filters: { FSSJ: { from: ['from'], before: ['before'] } },
    paging: { kind: 'none' },
  },
  keys: { BH: { element: ['numbers', 'number'], most: 50 } },
};

export interface Opened {
  readonly source: OpenSource;
  readonly repairs: EntitySource;
  readonly statements: string[];
}

/** The driver on a service at this address. */
export function open(
  url: string,
  service: Pick<SoapService, 'wsdl'> & Partial<SoapService>,
  settings: object = {},
  entity = repair,
): Opened {
  const statements: string[] = [];
  const source = soapDriver({ entities: { Repair: plain }, ...service }).open({
    agency: 'water',
    source: 'water',
    entities: [entity],
    settings: sourceSettings.parse({ kind: 'soap', url: `${url}/records`, answerMilliseconds: 10_000, ...settings }),
    dataDir: '.',
    batchKeys: 500,
    onStatement: (said) => void statements.push(said),
  });
  const repairs = source.sources.get('Repair');
  if (repairs === undefined) throw new Error('no repairs');
  return { source, repairs, statements };
}

export const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const soap12 = 'http://www.w3.org/2003/05/soap-envelope';

/** An answer of the service. */
export const xml = (items: string, envelope = soap11): string =>
  `<?xml version="1.0"?><e:Envelope xmlns:e="${envelope}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body>` +
  `<n:QueryRepairResponse xmlns:n="urn:water:records">${items}</n:QueryRepairResponse></e:Body></e:Envelope>`;

export const item = (no: string, more = ''): string => `<n:item><n:BH>${no}</n:BH>${more}</n:item>`;

export const says =
  (body: string | Buffer, status = 200, type = 'text/xml; charset=utf-8'): OddAnswer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  };

export const items = (...list: string[]): OddAnswer => says(xml(`<n:items>${list.join('')}</n:items>`));

export const load = (keys: readonly string[], more: Partial<KeyLoad> = {}): KeyLoad => ({
  key: 'no',
  keys,
  fields: ['no'],
  rows: always,
  order: repair.order,
  limitPerKey: 10,
  signal: AbortSignal.timeout(5_000),
  ...more,
});

export const page = (more: Partial<PageLoad> = {}): PageLoad => ({
  fields: ['no'],
  rows: always,
  order: repair.order,
  limit: 100,
  signal: AbortSignal.timeout(5_000),
  ...more,
});

export async function faultOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SourceError) return error.fault;
    throw error;
  }
  return 'answered';
}

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import housing from '../../connectors/housing/connector.ts';
import { showcase } from '../../src/city/showcase.ts';
import type { EntitySource } from '../../src/connector/connector.ts';
import { errorCodes } from '../../src/errors/codes.ts';
import type { DemoClaims } from '../../src/identity/demo-issuer.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { block, blocks, code, languages, page, table } from './markdown.ts';

const doc = page('errors');
const { ticketNo } = showcase;
const claims: DemoClaims = {
  agency: 'housing',
  role: 'HANDLER',
  unit: showcase.leadUnit,
  purposes: ['HANDLING', 'EMERGENCY'],
};
const formats = ['application/graphql-response+json', 'application/json'] as const;

describe.each(languages)('docs/errors%s.md', (language) => {
  const text = page(`errors${language}`);

  test('lists the codes, in their order', () => {
    expect(table(text, 'codes').map(([name]) => code(name))).toEqual([...errorCodes]);
    expect(statuses(text)).toEqual(statuses(doc));
    expect(blocks(text)).toEqual(blocks(doc));
  });

  test('lists the reasons of a refused token, in their order', () => {
    const source = readFileSync(join(projectRoot, 'src/identity/errors.ts'), 'utf8');
    const messages = source.slice(0, source.indexOf('} as const;'));
    const reasons = [...messages.matchAll(/^ {2}(\w+):/gm)].map(([, reason = '']) => reason);
    expect(table(text, 'reasons').map(([reason]) => code(reason))).toEqual(reasons);
  });

  test('leaves no cell empty but those of reserved codes', () => {
    const open = table(text, 'codes')
      .filter((row) => row.some((cell) => cell === ''))
      .map(([name]) => code(name));
    expect(open).toEqual(['FIELD_MASKED']);
  });
});

test('reserved codes are those that no source file sends', () => {
  const sources = readdirSync(join(projectRoot, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== join('errors', 'codes.ts'))
    .map((file) => readFileSync(join(projectRoot, 'src', file), 'utf8'))
    .join('\n');
  const unsent = errorCodes.filter((name) => !sources.includes(`'${name}'`));
  expect(unsent).toEqual([...statuses(doc)].filter(([, status]) => status === 'reserved').map(([name]) => name));
});

describe('each code comes with the status that the page tells', () => {
  let hub: RunningHub;
  let narrow: RunningHub;
  /** Whose ledger is broken. */
  let mute: RunningHub;
  const seen = new Set<string>();

  beforeAll(async () => {
    hub = await startHub();
    narrow = await startWithSlowHousing();
    mute = await startHub();
    rmSync(join(hub.dataDir, 'market.db'));
    change(hub, 'housing.db', "UPDATE FW_JBXX SET XZQHDM = 'no code'");
    change(mute, 'ledger.db', 'DROP TABLE disclosure');
  });

  afterAll(async () => {
    await hub.close();
    await narrow.close();
    await mute.close();
  });

  const named = (fields: string): string => `{ ticket(ticketNo: "${ticketNo}") { ${fields} } }`;
  const purpose = { 'lianqiao-purpose': 'HANDLING' };

  test.each<[code: string, query: string, headers?: Record<string, string>]>([
    ['UNAUTHENTICATED', named('status'), { authorization: '' }],
    ['PURPOSE_REQUIRED', named('status'), { 'lianqiao-purpose': '' }],
    ['PURPOSE_NOT_ALLOWED', named('status'), { 'lianqiao-purpose': 'AUDIT' }],
    ['REASON_REQUIRED', named('status'), { 'lianqiao-purpose': 'EMERGENCY' }],
    ['TICKET_REQUIRED', `{ house(houseCode: "${showcase.houseCode}") { building } }`],
    ['TICKET_MISMATCH', named('status'), { 'lianqiao-ticket': showcase.reportTicketNo }],
    ['FIELD_DENIED', named('reporterIdNumber')],
    ['FIELD_DENIED', '{ handoffFindings(filter: { area: "350102" }) { totalCount } disclosures { totalCount } }'],
    ['SOURCE_UNAVAILABLE', named('marketEntities { matchedBy }')],
    ['NOT_FOUND', '{ ticket(ticketNo: "12345:1") { status } }'],
    ['LIMIT_EXCEEDED', '{ tickets(first: 101) { totalCount } }'],
    ['LIMIT_EXCEEDED', '{ a'.repeat(20) + ' }'.repeat(20)],
    ['LIMIT_EXCEEDED', `{ a }${' '.repeat(300_000)}`],
    ['INTROSPECTION_DENIED', '{ __schema { description } }'],
    ['BAD_USER_INPUT', '{ tickets(after: "x") { totalCount } }'],
    ['BAD_USER_INPUT', 'query q($no: ID!) { ticket(ticketNo: $no) { status } }'],
    ['BAD_USER_INPUT', named('status'), { 'content-type': 'application/xml' }],
    ['GRAPHQL_PARSE_FAILED', '{ ticket('],
    ['GRAPHQL_VALIDATION_FAILED', '{ tikcet }'],
    ['OPERATION_NOT_SUPPORTED', 'subscription { handedToMyAgency { ticketNo } }'],
    ['INTERNAL', named('houses { house { divisionCode } }')],
  ])('%s', async (expected, query, headers = {}) => {
    await expectCode(hub, expected, JSON.stringify({ query }), { ...purpose, ...headers });
  });

  test('BAD_USER_INPUT, of a body that cannot be read', async () => {
    await expectCode(hub, 'BAD_USER_INPUT', '{', purpose);
  });

  test('DUPLICATE, IDEMPOTENCY_CONFLICT, STALE_VERSION and ILLEGAL_TRANSITION, of a correction request', async () => {
    const report = (clientRequestId: string, problem: string): string => `mutation { reportDataError(input: {
      clientRequestId: "${clientRequestId}", recordType: "Ticket", recordId: "${ticketNo}", field: "status", problem: "${problem}" }) { correctionNo } }`;
    const withdraw = (clientRequestId: string, version: number): string => `mutation { withdrawCorrection(input: {
      clientRequestId: "${clientRequestId}", correctionNo: "${correctionNo}", version: ${version} }) { state } }`;
    const send = async (query: string): Promise<unknown> =>
      (await post(hub, JSON.stringify({ query }), purpose)).json();
    await send(named('ticketNo status'));
    const reported = (await send(report('a', '状态有误'))) as { data: { reportDataError: { correctionNo: string } } };
    const { correctionNo } = reported.data.reportDataError;
    await expectCode(hub, 'DUPLICATE', JSON.stringify({ query: report('b', '状态有误') }), purpose);
    await expectCode(hub, 'IDEMPOTENCY_CONFLICT', JSON.stringify({ query: report('a', '另一个问题') }), purpose);
    await expectCode(hub, 'STALE_VERSION', JSON.stringify({ query: withdraw('c', 2) }), purpose);
    await send(withdraw('d', 1));
    await expectCode(hub, 'ILLEGAL_TRANSITION', JSON.stringify({ query: withdraw('e', 2) }), purpose);
  });

  test('LEDGER_UNAVAILABLE', async () => {
    await expectCode(mute, 'LEDGER_UNAVAILABLE', JSON.stringify({ query: named('status') }), purpose);
  });

  test('DEADLINE_EXCEEDED', async () => {
    const query = named('houses { matchedBy }');
    await expectCode(narrow, 'DEADLINE_EXCEEDED', JSON.stringify({ query }), purpose);
  });

  test('NOT_FOUND, of an address', async () => {
    const response = await fetch(`${hub.url}/nothing`);
    const body = (await response.json()) as { errors: { extensions: { code: string } }[] };
    expect([body.errors[0]?.extensions.code, response.status]).toEqual(['NOT_FOUND', 404]);
    expect(allowed('NOT_FOUND')).toContain(404);
  });

  test('COSIGNATURE_REFUSED', async () => {
    const digest = 'A'.repeat(43);
    const { log } = hub.hub.witnessDesk.logs()[0] ?? { log: '' };
    const at = '2026-11-23T09:00:00.000+08:00';
    const head = { alg: 'Ed25519', at, key: digest, log, root: digest, size: 1, v: 1 };
    const response = await fetch(`${hub.url}/ledger/cosignatures`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ head, cosignature: { agency: 'police', at, key: digest, signature: '' } }),
    });
    const body = (await response.json()) as { errors: { extensions: unknown }[] };
    expect(body.errors[0]?.extensions).toEqual({ code: 'COSIGNATURE_REFUSED', reason: 'UNKNOWN_HEAD' });
    expect(allowed('COSIGNATURE_REFUSED')).toContain(response.status);
    seen.add('COSIGNATURE_REFUSED');
  });

  test('NOT_ACCEPTABLE', async () => {
    const response = await post(hub, JSON.stringify({ query: named('status') }), { ...purpose, accept: 'text/html' });
    expect(statuses(doc).get('NOT_ACCEPTABLE')).toBe(String(response.status));
    seen.add('NOT_ACCEPTABLE');
  });

  test('and that is all of them', () => {
    expect(errorCodes.filter((name) => !seen.has(name))).toEqual(['FIELD_MASKED']);
  });

  test('the error of the page is a real one', async () => {
    const response = await post(hub, JSON.stringify({ query: named('reporterIdNumber') }), purpose);
    const { errors } = (await response.json()) as { errors: unknown[] };
    const shown = JSON.parse(block(doc, 'an error')) as { extensions: Record<string, unknown> };
    const { version } = hub.hub.sources.policy;
    expect(errors).toEqual([{ ...shown, extensions: { ...shown.extensions, policyVersion: version } }]);
  });

  /** Sends the request in both formats: the code comes, with a status that the page tells for the format. */
  async function expectCode(
    to: RunningHub,
    expected: string,
    body: string,
    headers: Record<string, string>,
  ): Promise<void> {
    for (const accept of formats) {
      const response = await post(to, body, { accept, ...headers });
      const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
      expect(errors.map((e) => e.extensions.code)).toContain(expected);
      expect(allowed(expected, accept)).toContain(response.status);
    }
    seen.add(expected);
  }

  async function post(to: RunningHub, body: string, headers: Record<string, string>): Promise<Response> {
    const token = await to.token(claims);
    const sent = { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers };
    const given = Object.entries(sent).filter(([, value]) => value !== '');
    return fetch(`${to.url}/graphql`, { method: 'POST', headers: Object.fromEntries(given), body });
  }
});

/** A hub that gives an operation 10 ms, and a housing source that takes longer. */
async function startWithSlowHousing(): Promise<RunningHub> {
  const driver = housing.sources.flatMap((s) => s.drivers).find((d) => d.kind === 'sql');
  if (driver === undefined) throw new Error('housing is read by no sql driver');
  const open = driver.open.bind(driver);
  const opening = vi.spyOn(driver, 'open').mockImplementation((settings) => {
    const opened = open(settings);
    const slow = (source: EntitySource): EntitySource => ({
      ...source,
      loadByKeys: async (load) => {
        await setTimeout(200);
        return source.loadByKeys(load);
      },
    });
    return { ...opened, sources: new Map([...opened.sources].map(([type, source]) => [type, slow(source)])) };
  });
  try {
    return await startHub({ LIANQIAO_LIMITS_MILLISECONDS: '10' });
  } finally {
    opening.mockRestore();
  }
}

/** Each code with its status as the page writes it. */
function statuses(text: string): ReadonlyMap<string, string> {
  return new Map(
    table(text, 'codes').map(([name, status = '']) => [code(name), status === '保留' ? 'reserved' : status]),
  );
}

/** The statuses that the page tells for a code in a format: `400/200` is 400 in the newer one and 200 in the older. */
function allowed(name: string, accept: (typeof formats)[number] = formats[0]): number[] {
  const cells = statuses(doc).get(name)?.split(' ') ?? [];
  return cells.map((cell) => Number(cell.split('/').at(accept === formats[0] ? 0 : -1)));
}

function change(hub: RunningHub, file: string, sql: string): void {
  const db = new Database(join(hub.dataDir, file));
  db.exec(sql);
  db.close();
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { askers } from '../hub/askers.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { raw, type RawRequest } from './raw-request.ts';

/* GraphQL over HTTP, and what stands around it. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

async function as(asker: Asker, request: RawRequest) {
  const headers = {
    authorization: `Bearer ${await hub.token(asker.claims)}`,
    'lianqiao-purpose': asker.purpose ?? '',
    ...request.headers,
  };
  return raw(hub, {
    ...request,
    headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== '')),
  });
}

const query = `query Q($no: ID!) { ticket(ticketNo: $no) { ticketNo title } }`;
const variables = { no: showcase.ticketNo };

describe('GET', () => {
  test('answers a query as POST does', async () => {
    const path = `/graphql?query=${encodeURIComponent(query)}&variables=${encodeURIComponent(JSON.stringify(variables))}&operationName=Q`;
    const [get, post] = [
      await as(askers.police, { method: 'GET', path }),
      await as(askers.police, { body: { query, variables } }),
    ];
    expect(get.status).toBe(200);
    expect(get.text).toBe(post.text);
    expect(get.body.data).toEqual({ ticket: { ticketNo: showcase.ticketNo, title: '榕荫花园物业服务不到位' } });
  });

  test('refuses a mutation, and variables that are no JSON', async () => {
    const mutation = await as(askers.police, {
      method: 'GET',
      path: `/graphql?query=${encodeURIComponent('mutation { x }')}`,
    });
    expect(mutation.body.data).toBeUndefined();
    expect(mutation.body.errors?.length).toBeGreaterThan(0);
    const broken = await as(askers.police, {
      method: 'GET',
      path: `/graphql?query=${encodeURIComponent(query)}&variables=${encodeURIComponent('{"no": "secret-4711"')}`,
    });
    expect(broken.status).toBe(400);
    expect(broken.code).toBe('BAD_USER_INPUT');
    expect(broken.text).not.toContain('secret-4711');
  });
});

describe('a body that is no request', () => {
  const bodies: readonly (readonly [what: string, request: RawRequest, status: number])[] = [
    ['no JSON', { body: '{"query": "{ __typename }"' }, 400],
    ['a list', { body: '[]' }, 400],
    ['no query', { body: {} }, 400],
    ['a query that is no text', { body: { query: { a: 1 } } }, 400],
    ['variables that are no object', { body: { query: '{ __typename }', variables: 'secret-4711' } }, 400],
    ['an operation name that is no text', { body: { query: '{ __typename }', operationName: 4711 } }, 400],
    ['another media type', { body: '{ __typename }', headers: { 'content-type': 'text/plain' } }, 415],
    ['nothing', { headers: { 'content-type': 'application/json' } }, 400],
  ];
  test.each(bodies)('%s', async (_what, request, status) => {
    hub.takeStatements();
    const answer = await as(askers.police, request);
    expect(answer.status).toBe(status);
    expect(answer.code).toBe('BAD_USER_INPUT');
    expect(answer.text).not.toContain('4711');
    expect(hub.takeStatements()).toEqual([]);
  });

  test('PUT', async () => {
    expect([404, 405]).toContain(
      (await as(askers.police, { method: 'PUT', body: { query: '{ __typename }' } })).status,
    );
  });

  test('an answer that cannot be given in the media type that is asked for', async () => {
    const answer = await as(askers.police, { body: { query: '{ __typename }' }, headers: { accept: 'text/html' } });
    expect([answer.status, answer.code]).toEqual([406, 'NOT_ACCEPTABLE']);
  });
});

test('application/graphql-response+json tells refusals by the status, application/json does not', async () => {
  const body = { query: '{ nothingSuch }' };
  const strict = await as(askers.police, { body, headers: { accept: 'application/graphql-response+json' } });
  const lenient = await as(askers.police, { body, headers: { accept: 'application/json' } });
  expect([strict.status, strict.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  expect([lenient.status, lenient.code]).toEqual([200, 'GRAPHQL_VALIDATION_FAILED']);
});

test('no answer is kept by caches, and none tells of the server', async () => {
  for (const request of [
    { body: { query: '{ __typename }' } },
    { method: 'GET', path: '/livez' },
    { method: 'GET', path: '/nothing' },
  ]) {
    const { headers } = await as(askers.police, request);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  }
});

test('health: alive, and ready with every source named', async () => {
  expect(await raw(hub, { method: 'GET', path: '/livez' })).toMatchObject({ status: 200, body: { status: 'ok' } });
  const ready = await raw(hub, { method: 'GET', path: '/readyz' });
  expect(ready).toMatchObject({
    status: 200,
    body: {
      status: 'ok',
      sources: ['hotline', 'police', 'grid', 'market', 'housing', 'housing-fund', 'housing-receipts', 'audit'].map(
        (source) => ({
          source,
          ok: true,
        }),
      ),
    },
  });
});

test('an address that is none', async () => {
  expect(await raw(hub, { method: 'GET', path: '/graphql/x' })).toMatchObject({ status: 404, code: 'NOT_FOUND' });
});

test('the public keys of the demo issuer show no private part', async () => {
  const { text, status } = await raw(hub, { method: 'GET', path: '/.well-known/jwks.json' });
  expect(status).toBe(200);
  const { keys } = JSON.parse(text) as { keys: Record<string, unknown>[] };
  expect(keys.map((k) => Object.keys(k).toSorted())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']]);
});

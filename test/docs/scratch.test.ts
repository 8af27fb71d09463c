import { test } from 'vitest';
import { startHub } from '../kit/running-hub.ts';
import { writeFileSync } from 'node:fs';

test('probe', async () => {
  const hub = await startHub();
  const claims = { agency: 'housing', role: 'HANDLER' as const, unit: 'housing-property', purposes: ['HANDLING' as const, 'EMERGENCY' as const] };
  const token = await hub.token(claims);
  const T = '12345:2026110500000001';
  const q = '{ ticket(ticketNo:"' + T + '") { ticketNo reporterIdNumber reporterPhone } }';
  const go = async (name: string, path: string, init: RequestInit & { headers?: Record<string, string> }) => {
    for (const accept of ['application/json', 'application/graphql-response+json', '*/*']) {
      const r = await fetch(hub.url + path, { ...init, headers: { accept, ...init.headers } });
      const t = await r.text();
      out.push(`${name} [${accept}] -> ${r.status} ${r.headers.get('content-type')} ${t.slice(0, 260)}`);
      if (init.headers?.['accept']) break;
    }
  };
  const out: string[] = [];
  const A = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const P = { ...A, 'lianqiao-purpose': 'HANDLING' };
  const post = (query: string, more: object = {}) => ({ method: 'POST', body: JSON.stringify({ query, ...more }) });
  await go('unauth', '/graphql', { ...post(q), headers: { 'content-type': 'application/json' } });
  await go('ok denied', '/graphql', { ...post(q), headers: P });
  await go('no purpose', '/graphql', { ...post(q), headers: A });
  await go('purpose not allowed', '/graphql', { ...post(q), headers: { ...A, 'lianqiao-purpose': 'AUDIT' } });
  await go('bad purpose', '/graphql', { ...post(q), headers: { ...A, 'lianqiao-purpose': 'X' } });
  await go('reason', '/graphql', { ...post(q), headers: { ...A, 'lianqiao-purpose': 'EMERGENCY' } });
  await go('mismatch', '/graphql', { ...post(q), headers: { ...P, 'lianqiao-ticket': '12345:1' } });
  await go('ticket required', '/graphql', { ...post('{ marketEntity(uscc:"91350102158170429X"){name} }'), headers: P });
  await go('ticket required2', '/graphql', { ...post('{ house(houseCode:"x"){houseCode} }'), headers: P });
  await go('not found', '/graphql', { ...post('{ ticket(ticketNo:"12345:1"){ticketNo} }'), headers: P });
  await go('parse', '/graphql', { ...post('{ ticket('), headers: P });
  await go('validate', '/graphql', { ...post('{ tickett }'), headers: P });
  await go('introspection', '/graphql', { ...post('{ __schema { types { name } } }'), headers: P });
  await go('mutation', '/graphql', { ...post('mutation { x }'), headers: P });
  await go('subscription', '/graphql', { ...post('subscription { x }'), headers: P });
  await go('limit', '/graphql', { ...post('{ tickets(first: 500) { nodes { ticketNo } } }'), headers: P });
  await go('depth', '/graphql', { ...post('{a'.repeat(30) + '}'.repeat(30)), headers: P });
  await go('big body', '/graphql', { method: 'POST', body: JSON.stringify({ query: '{ a }' + ' '.repeat(300000) }), headers: P });
  await go('variables', '/graphql', { ...post('query($t: ID!) { ticket(ticketNo:$t) { ticketNo } }', { variables: {} }), headers: P });
  await go('two ops', '/graphql', { ...post('query a { __typename } query b { __typename }'), headers: P });
  await go('denied filter', '/graphql', { ...post('{ tickets(filter:{status:[CLOSED]}) { nodes { ticketNo } } }'), headers: P });
  await go('bad json', '/graphql', { method: 'POST', body: '{', headers: P });
  await go('no query', '/graphql', { method: 'POST', body: '{}', headers: P });
  await go('xml', '/graphql', { method: 'POST', body: '<a/>', headers: { ...P, 'content-type': 'application/xml' } });
  await go('text', '/graphql', { method: 'POST', body: 'hello', headers: { ...P, 'content-type': 'text/plain' } });
  await go('accept', '/graphql', { ...post(q), headers: { ...P, accept: 'text/html' } });
  await go('GET', '/graphql?query=' + encodeURIComponent('{__typename}'), { headers: P });
  await go('GET mutation', '/graphql?query=' + encodeURIComponent('mutation {__typename}'), { headers: P });
  await go('PUT', '/graphql', { method: 'PUT', body: '{}', headers: P });
  await go('404', '/nothing', { headers: P });
  await go('bad cursor', '/graphql', { ...post('{ tickets(after:"zz") { nodes { ticketNo } } }'), headers: P });
  await go('literal', '/graphql', { ...post('{ tickets(filter:{receivedFrom:"x"}) { nodes { ticketNo } } }'), headers: P });
  await hub.close();
  for (const c of ['[hotline]', '[hotline, grid]', '[hotline, police, grid, market]', '[hotline, hotline]', '[fire]', '[Fire]']) {
    try { const h = await startHub({ LIANQIAO_CONNECTORS: c }); out.push(c + ' starts'); await h.close(); } catch (e) { out.push(c + ' ' + String(e).slice(0, 600)); }
  }
  writeFileSync('/tmp/probe.txt', out.join('\n'));
});

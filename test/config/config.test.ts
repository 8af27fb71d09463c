import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigurationError } from '../../src/access/problem.ts';
import { loadConfig } from '../../src/config/config.ts';

/* A name in the environment that is no setting is a slip that nobody would see. */

function refusals(env: Readonly<Record<string, string>>): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return '';
}

test.each([
  ['LIANQIAO_LIMIT_DEPTH', 'is no setting. Did you mean LIANQIAO_LIMITS_DEPTH?'],
  ['LIANQIAO_DATADIR', 'is no setting. Did you mean LIANQIAO_DATA_DIR?'],
  ['LIANQIAO_CONFG', 'is no setting. Did you mean LIANQIAO_CONFIG?'],
  ['LIANQIAO_PORT_OF_THE_WHOLE_HOUSE', 'is no setting. docs/configuration.md lists them'],
])('%s is refused, with the way out and without its value', (name, message) => {
  expect(refusals({ [name]: 'a value' })).toBe(`${name}: ${message}`);
});

const database = 'mysql://lianqiao@db.example.gov.cn:3307/tickets';

test('the database of the tickets is where the hotline’s connector reads', () => {
  const sources = { hotline: { kind: 'sql', client: 'mysql', host: 'db.example.gov.cn', port: 3_307 } };
  expect(loadConfig({ LIANQIAO_DATABASE_URL: database }).sources).toMatchObject(sources);
  const env = { LIANQIAO_DATABASE_URL: database, LIANQIAO_SECRET_DATABASE_PASSWORD: 'x' };
  expect(loadConfig(env).sources).toMatchObject({
    hotline: { user: 'lianqiao', database: 'tickets', password: { env: 'LIANQIAO_SECRET_DATABASE_PASSWORD' } },
  });
});

test.each([
  ['postgres://lianqiao@host/tickets', {}, 'expected mysql://USER@HOST:PORT/DATABASE'],
  ['geheim', {}, 'expected mysql://USER@HOST:PORT/DATABASE'],
  ['mysql://host/tickets', {}, 'expected a host, a user and a database'],
  ['mysql://lianqiao@host', {}, 'expected a host, a user and a database'],
  ['mysql://lianqiao:geheim@host/tickets', {}, 'must hold no password; put it into LIANQIAO_SECRET_DATABASE_PASSWORD'],
  [
    database,
    { LIANQIAO_SOURCES: '{ hotline: { kind: sql, client: sqlite, file: a.db } }' },
    'sources.hotline is set too; name the database once',
  ],
])('%s is refused as the database of the tickets, with the way out', (url, more, message) => {
  const told = refusals({ LIANQIAO_DATABASE_URL: url, ...more });
  expect(told).toContain(`LIANQIAO_DATABASE_URL: ${message}`);
  expect(told).not.toContain('geheim');
});

test('every wrong name is told at once', () => {
  expect(refusals({ LIANQIAO_SOURCE: '{}', LIANQIAO_ISSUER: '[]' }).split('\n')).toHaveLength(2);
});

test.each([
  'LIANQIAO_LIMITS_DEPTH',
  'LIANQIAO_LOG_SQL',
  'LIANQIAO_PROOF_CASES',
  'LIANQIAO_SQL_RUNS',
  'LIANQIAO_REFERENCE_DATA',
  'LIANQIAO_SECRET_POLICE',
  'LIANQIAO_TEST_SECRET',
  'POLICE_SECRET',
])('%s is known, or not ours', (name) => {
  expect(refusals({ [name]: '5' })).toBe('');
});

test('a wrong value in the environment is told under its name, also where a file is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-config-'));
  const file = join(folder, 'lianqiao.yaml');
  try {
    writeFileSync(file, 'sources:\n  police:\n    kind: rest\n    url: https://police.example.gov.cn\n');
    const env = { LIANQIAO_CONFIG: file, LIANQIAO_SOURCES: '{police: {kind: rest, url: nowhere}}' };
    expect(refusals(env)).toMatch(/^LIANQIAO_SOURCES: sources\.police\.url: /);
    expect(refusals({ ...env, LIANQIAO_SOURCES: '', LIANQIAO_LIMITS_DEPTH: 'deep' })).toMatch(
      /^LIANQIAO_LIMITS_DEPTH: limits\.depth: /,
    );
    writeFileSync(file, 'sources:\n  police:\n    kind: rest\n    url: nowhere\n');
    expect(refusals({ LIANQIAO_CONFIG: file })).toMatch(/lianqiao\.yaml:4: sources\.police\.url: /);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

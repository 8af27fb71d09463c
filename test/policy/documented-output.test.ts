import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Kind, parse as parseSdl } from 'graphql';
import { parse } from 'yaml';
import { findingKinds } from '../../src/policy/finding.ts';
import { block, code, languages, page, table } from '../docs/markdown.ts';
import { place, repository } from './place.ts';
import { copyWith, policy } from './policy-command.ts';

/* What docs/policy.md shows of the tools is what they print. */

vi.mock('../../src/schema/project-root.ts', async () => {
  const { place } = await import('./place.ts');
  return {
    get projectRoot() {
      return place.root;
    },
  };
});

const doc = page('policy');
const file = 'connectors/police/sharing.yaml';
const denial = 'deny: [PoliceIncident.callAddress, point, DispatchRecord.crew]\n';
let folder: string;
let edited: string;
beforeAll(() => {
  vi.stubEnv('LIANQIAO_CONFIG', '');
  folder = mkdtempSync(join(tmpdir(), 'lianqiao-documented-'));
  const grant = block(doc, `edit of ${file}`).replaceAll(/^(?=.)/gm, '  ');
  edited = copyWith(folder, [file, denial, `${denial.replace(', DispatchRecord.crew', '')}\n${grant}`]);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Versions change with every word of a policy, so that they are left open; so do counts and lines of the test files. */
function steady(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{32}\b/g, '(version)')
    .replaceAll(/^\d+ passed/gm, '(count) passed')
    .replaceAll(/(\.yaml):\d+:/g, '$1:(line):');
}

/** A block that ends with … shows the beginning. */
function expectShown(name: string, printed: string): void {
  const shown = block(doc, `tools/${name}`);
  const beginning = shown.replace(/^ *…\n$/m, '');
  expect(steady(beginning === shown ? printed : printed.slice(0, beginning.length))).toBe(steady(beginning));
}

describe('docs/policy.md', () => {
  test.each([
    ['check', ['check']],
    ['test', ['test']],
  ])('shows what %s prints after the edit', async (name, args) => {
    place.root = edited;
    const { status, stdout, stderr } = await policy(...args);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expectShown(name, stdout);
  });

  test('shows what diff prints', async () => {
    place.root = repository;
    expectShown('diff', (await policy('diff', repository, edited)).stdout);
  });

  test('shows what explain, matrix and emergency print', async () => {
    place.root = repository;
    const query = join(folder, 'query.graphql');
    writeFileSync(query, '{ ticket(ticketNo: "1") { reporterPhone } }');
    const caller = ['--agency', 'housing', '--role', 'HANDLER', '--purpose', 'HANDLING'];
    expectShown('explain', (await policy('explain', query, ...caller)).stdout);
    expectShown('lines', (await policy('explain', query, ...caller, '--lines')).stdout);
    expectShown('emergency', (await policy('emergency')).stdout);
    expectShown('matrix', (await policy('matrix', '--owner', 'audit', '--purpose', 'AUDIT')).stdout);
  });

  test('shows an expectation that stands in the file', () => {
    const tests = 'connectors/police/sharing.test.yaml';
    const { expectations } = parse(readFileSync(join(repository, tests), 'utf8')) as { expectations: unknown[] };
    expect(expectations).toContainEqual((parse(block(doc, `excerpt of ${tests}`)) as unknown[])[0]);
  });
});

test.each(languages)('docs/policy%s.md lists the root fields of schema/policy.graphql', (language) => {
  const declared = parseSdl(readFileSync(join(repository, 'schema/policy.graphql'), 'utf8')).definitions.flatMap((d) =>
    d.kind === Kind.OBJECT_TYPE_DEFINITION && ['Query', 'Mutation'].includes(d.name.value)
      ? (d.fields ?? []).map((f) => f.name.value)
      : [],
  );
  expect(table(page(`policy${language}`), 'roots').map(([field]) => code(field))).toEqual(declared);
});

test.each(languages)('docs/policy%s.md lists the findings', (language) => {
  expect(table(page(`policy${language}`), 'findings').map(([kind]) => code(kind))).toEqual([...findingKinds]);
});

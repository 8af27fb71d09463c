import { parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { schemaFacts } from '../../src/access/facts.ts';
import { ConfigurationError } from '../../src/access/problem.ts';
import { readDataSets } from '../../src/catalogue/data-sets.ts';
import { sourceFormats } from '../../src/catalogue/source-format.ts';
import { updateFrequencies } from '../../src/catalogue/update-frequency.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createRegistry } from '../../src/connector/registry.ts';
import { loadContract } from '../../src/hub/house.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { block, code, languages, page, table } from '../docs/markdown.ts';
import { catalogue } from './catalogue-command.ts';

/* What docs/catalogue.md shows is what is so. */

beforeAll(() => {
  vi.stubEnv('LIANQIAO_CONFIG', '');
});
afterAll(() => {
  vi.unstubAllEnvs();
});

/** The problems of a module of the waterworks alone. */
function problemsOf(sdl: string): string {
  const module = { agency: 'water', file: 'water/schema.graphql', sdl };
  try {
    readDataSets({ sdl: [module], facts: schemaFacts([module]), registry: createRegistry([]) });
    return '';
  } catch (error) {
    if (error instanceof ConfigurationError) return `${error.message}\n`;
    throw error;
  }
}

describe.each(languages)('docs/catalogue%s.md', (language) => {
  const doc = page(`catalogue${language}`);

  test('shows what the command prints, whatever the version', async () => {
    const steady = (text: string): string => text.replace(/\b[0-9a-f]{16,64}\b/, '(version)');
    const { status, stdout } = await catalogue('--agency', 'police', '--type', 'DispatchRecord');
    expect(status).toBe(0);
    expect(steady(block(doc, 'tools/text'))).toBe(steady(stdout));
  });

  test('shows a type that is right, and what is said without its @dataset', () => {
    const example = block(doc, 'example');
    expect(problemsOf(example)).toBe('');
    expect(problemsOf(example.replace(/ +@dataset\(.*\) \{/, '  {'))).toBe(block(doc, 'missing'));
  });

  test('lists the update frequencies and the formats', () => {
    expect(table(doc, 'frequencies').map(([name, zh, eu]) => [code(name), zh, code(eu)])).toEqual(
      Object.entries(updateFrequencies).map(([name, { zh, eu }]) => [name, zh, eu]),
    );
    expect(table(doc, 'formats').map(([name, zh]) => [code(name), zh])).toEqual(
      Object.entries(sourceFormats).map(([name, { zh }]) => [name, zh]),
    );
  });

  test('shows a query that the schema has', async () => {
    const { schema } = await loadContract(projectRoot, loadConfig({}).connectors);
    expect(validate(schema, parse(block(doc, 'query')))).toEqual([]);
  });
});

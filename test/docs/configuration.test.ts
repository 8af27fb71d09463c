import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { loadConfig, type LoadedConfig } from '../../src/config/config.ts';
import { issuerConfig, signatureAlgorithms, tokenTypes } from '../../src/identity/issuers.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { block, blocks, code, codes, languages, page, table } from './markdown.ts';

const doc = page('configuration');
const defaults = flat(loadConfig({}));

test('the example is taken', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-config-'));
  try {
    const file = join(folder, 'lianqiao.yaml');
    writeFileSync(file, block(doc, 'lianqiao.yaml'));
    expect(loadConfig({ LIANQIAO_CONFIG: file })).toMatchObject({
      configured: true,
      ...parse(block(doc, 'lianqiao.yaml')),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe.each(languages)('docs/configuration%s.md', (language) => {
  const text = page(`configuration${language}`);
  const settings = table(text, 'settings').map(([key, name, values = '', preset]) => ({
    key: code(key),
    name: code(name),
    values,
    preset: parse(code(preset)) as unknown,
  }));

  test('has the example', () => {
    expect(blocks(text)).toEqual(blocks(doc));
  });

  test('lists every setting with its default', () => {
    expect(Object.fromEntries(settings.map(({ key, preset }) => [key, preset]))).toEqual(defaults);
  });

  const numbers = settings.filter(({ preset }) => typeof preset === 'number');
  test.each(numbers)('$name sets $key, within the range that the page tells', ({ key, name, values }) => {
    const [min = 0, max = 0] = [...values.matchAll(/\d+/g)].map(Number);
    for (const value of [min, max])
      expect(flat(loadConfig({ [name]: String(value) }))).toEqual({ ...defaults, [key]: value });
    for (const value of [min - 1, max + 1, 1.5])
      expect(() => loadConfig({ [name]: String(value) })).toThrow(`${name}: ${key}: `);
  });

  test.each([
    ['HOST', '::1', { host: '::1' }],
    ['LIANQIAO_DATA_DIR', '1', { dataDir: '1' }],
    ['LIANQIAO_CONNECTORS', '[hotline, fire]', { connectors: ['hotline', 'fire'] }],
    ['LIANQIAO_INTROSPECTION_ROLES', '[AUDITOR]', { introspectionRoles: ['AUDITOR'] }],
    ['LIANQIAO_ISSUERS', '[]', { issuers: [] }],
  ])('%s=%s is read', (name, value, expected) => {
    expect(settings.map((s) => s.name)).toContain(name);
    expect(flat(loadConfig({ [name]: value }))).toEqual({ ...defaults, ...expected });
  });

  test('lists what an issuer may say, with its defaults', () => {
    const rows = table(text, 'issuers');
    expect(rows.map(([key]) => code(key))).toEqual(Object.keys(issuerConfig.shape));
    const given = { issuer: 'https://id.example.gov.cn', jwks: 'keys.json', agencies: ['hotline'] };
    const presets = rows.flatMap(([key, , preset]) =>
      preset === '' ? [] : [[code(key), parse(code(preset))] as const],
    );
    expect({ ...given, ...Object.fromEntries(presets) }).toEqual(issuerConfig.parse(given));
    const [algorithms, types] = ['algorithms', 'types'].map((name) =>
      codes(rows.find(([key]) => code(key) === name)?.[1] ?? ''),
    );
    expect({ algorithms, types }).toEqual({ algorithms: [...signatureAlgorithms], types: [...tokenTypes] });
  });

  test('lists what else the sources read from the environment', () => {
    const names = table(text, 'environment').map(([name]) => code(name));
    const known = new Set([...names, ...settings.map((s) => s.name)]);
    const read = sources().flatMap((source) => [...source.matchAll(/\benv\['(\w+)'\]/g)].map(([, name = '']) => name));
    expect([...new Set(read)].filter((name) => !known.has(name))).toEqual([]);
    expect(names.filter((name) => !read.includes(name))).toEqual([]);
  });
});

/** The settings by their keys: `limits.depth`. */
function flat({ limits, ...settings }: LoadedConfig): Record<string, unknown> {
  const entries: [string, unknown][] = Object.entries(settings).filter(([key]) => key !== 'configured');
  for (const [key, value] of Object.entries(limits)) entries.push([`limits.${key}`, value]);
  return Object.fromEntries(entries);
}

function sources(): string[] {
  return readdirSync(join(projectRoot, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(projectRoot, 'src', file), 'utf8'));
}

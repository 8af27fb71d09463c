import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadConfig, type LoadedConfig } from '../../src/config/config.ts';
import { commonSettings } from '../../src/connector/settings/common.ts';
import { tlsSettings } from '../../src/connector/settings/http-settings.ts';
import { sourceSettings } from '../../src/connector/settings/source-settings.ts';
import { issuerConfig, signatureAlgorithms, tokenTypes } from '../../src/identity/issuers.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { block, blocks, code, codes, languages, page, table } from './markdown.ts';

type Shape = Readonly<Record<string, z.ZodType>>;
const kinds: readonly { readonly kind: string; readonly shape: Shape }[] = sourceSettings.options.map(({ shape }) => ({
  kind: shape.kind.value,
  shape,
}));

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

test('the example of sources is taken', () => {
  const { sources: written } = parse(block(doc, 'sources')) as { sources: Record<string, object> };
  const { sources: read } = loadConfig({ LIANQIAO_SOURCES: JSON.stringify(written) });
  expect(read).toMatchObject(written);
  expect(new Set(Object.values(read).map((s) => s.kind)).size).toBeGreaterThan(2);
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

  test('lists the settings that sources of every kind have', () => {
    const rows = table(text, 'source settings').map(([key, values = '', preset = '']) => ({
      key: code(key),
      values,
      preset,
    }));
    expect(rows.map((r) => r.key)).toEqual(Object.keys(commonSettings));
    for (const { key, values, preset } of rows) expectSetting(z.object(commonSettings).shape, key, values, preset);
  });

  test.each(kinds)('lists the settings of a source of kind $kind', ({ kind, shape }) => {
    const rows = table(text, 'source kinds')
      .map(([of = '', key, values = '', preset = '']) => ({ of: codes(of), key: code(key), values, preset }))
      .filter((r) => r.of.includes(kind));
    const own = Object.keys(shape).filter((key) => key !== 'kind' && !(key in commonSettings));
    expect(rows.map((r) => r.key).toSorted()).toEqual(own.toSorted());
    for (const { key, values, preset } of rows) expectSetting(shape, key, values, preset);
  });

  test('knows no other kind of source', () => {
    const listed = table(text, 'source kinds').flatMap(([of = '']) => codes(of));
    expect([...new Set(listed)].toSorted()).toEqual(kinds.map((k) => k.kind).toSorted());
    expect(table(text, 'source kinds').find(([, key]) => key === '`client`')?.[2]).toMatch(
      /^`sqlite` `mysql` .*`postgres`$/,
    );
  });

  test.each(kinds.flatMap(({ kind, shape }) => ('auth' in shape ? [{ kind, shape }] : [])))(
    'lists how the hub shows itself to a source of kind $kind',
    ({ kind, shape }) => {
      const listed = table(text, 'source auth')
        .filter(([, of = '']) => codes(of).includes(kind))
        .map(([scheme, , keys = '']) => [code(scheme), ...codes(keys)]);
      expect(listed).toEqual(schemes(shape['auth']));
    },
  );

  test('lists what TLS can be told', () => {
    expect(table(text, 'source tls').map(([key]) => code(key))).toEqual(Object.keys(tlsSettings.shape));
  });

  test('lists what else the sources read from the environment', () => {
    const names = table(text, 'environment').map(([name]) => code(name));
    const known = new Set([...names, ...settings.map((s) => s.name)]);
    const read = sources().flatMap((source) => [...source.matchAll(/\benv\['(\w+)'\]/g)].map(([, name = '']) => name));
    expect([...new Set(read)].filter((name) => !known.has(name))).toEqual([]);
    expect(names.filter((name) => !read.includes(name))).toEqual([]);
  });
});

/** Checks a row's default, and its range where it is a number's. */
function expectSetting(shape: Shape, key: string, values: string, preset: string): void {
  const schema = shape[key];
  if (schema === undefined) throw new Error(`there is no setting ${key}`);
  const left = schema.safeParse(undefined);
  expect([key, preset === '' ? undefined : (parse(code(preset)) as unknown)]).toEqual([
    key,
    left.success ? left.data : undefined,
  ]);
  if (!/^\d/.test(values)) return expect([key, schema.safeParse(1).success]).toEqual([key, false]);
  const [min = 0, max = 0] = [...values.matchAll(/\d+/g)].map(Number);
  const taken = [min, max, min - 1, max + 1, min + 0.5].map((value) => schema.safeParse(value).success);
  expect([key, ...taken]).toEqual([key, true, true, false, false, false]);
}

/** The schemes of an `auth`, each with its further keys. */
function schemes(auth: z.ZodType | undefined): string[][] {
  if (!(auth instanceof z.ZodDefault)) throw new Error('auth has no default');
  const union = auth.unwrap();
  if (!(union instanceof z.ZodDiscriminatedUnion)) throw new Error('auth is no choice of schemes');
  return union.options.map((option) => {
    if (!(option instanceof z.ZodObject)) throw new Error('a scheme is no map');
    const { scheme, ...keys } = option.shape as Shape;
    return [String(scheme instanceof z.ZodLiteral ? scheme.value : ''), ...Object.keys(keys)];
  });
}

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

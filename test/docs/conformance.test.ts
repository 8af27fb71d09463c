import { describe, expect, test } from 'vitest';
import { allChecks } from '../../src/connector/check/all-checks.ts';
import { realChecks } from '../../src/connector/check/check-real.ts';
import { code, languages, page, table } from './markdown.ts';

describe.each(languages)('docs/conformance%s.md', (language) => {
  const text = page(`conformance${language}`);

  test('tells every check, in its order', () => {
    expect(table(text, 'checks').map(([name]) => code(name))).toEqual(allChecks.map((c) => c.name));
    expect(table(text, 'real').map(([name]) => code(name))).toEqual([
      'reachable',
      'gives-records',
      ...realChecks.map((c) => c.name),
    ]);
  });

  test('leaves no cell empty', () => {
    for (const row of table(text, 'checks')) expect(row.filter((cell) => cell.trim() === '')).toEqual([]);
  });
});

test('both languages have the same commands and report', () => {
  const [one, other] = languages.map((language) =>
    (page(`conformance${language}`).match(/```[^]*?```/g) ?? []).map((text) => text.replaceAll(/ *#.*$/gm, '')),
  );
  expect(one?.length).toBe(2);
  expect(other).toEqual(one);
});

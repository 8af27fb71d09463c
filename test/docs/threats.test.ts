import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../src/schema/project-root.ts';
import { codes, page } from './markdown.ts';

const rows = page('threats')
  .split('\n')
  .filter((line) => /^\| [A-Z]/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test('every threat has its control, its default, and a test that exists or a dash', () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const [threat, control, preset, shown = ''] of rows) {
    expect([threat, control, preset, shown]).not.toContain('');
    const files = codes(shown);
    if (shown !== '—') expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !/^test\/.+\.test\.ts$/.test(file) || !existsSync(join(projectRoot, file)))).toEqual(
      [],
    );
  }
});

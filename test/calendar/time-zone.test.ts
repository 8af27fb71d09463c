import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const built = mkdtempSync(join(tmpdir(), 'lianqiao-calendar-'));

const PROGRAM = `
import { addWorkingDays, isWorkingDay } from './calendar/working-days.js';
import { formatDateTime, parseDateTime } from './codes/date-time.js';
import { readLooseDateTime } from './codes/loose-date-time.js';
console.log(JSON.stringify({
  offset: new Date(2026, 0, 15).getTimezoneOffset(),
  due: [['2025-01-24', 5], ['2025-09-26', 5], ['2025-09-30', 3], ['2025-12-31', 5], ['2026-02-13', 5], ['2026-02-27', 3]]
    .map(([start, days]) => addWorkingDays(start, days).due),
  worked: ['2025-10-11', '2025-10-08', '2026-03-08'].map(isWorkingDay),
  times: ['2019-04-25 09:32:09', '2019/3/10 2:30:00', '20190425', 43580.25, '190425235959'].map(readLooseDateTime),
  epoch: parseDateTime('2026-03-08T02:30:00+08:00'),
  text: formatDateTime(0),
}));
`;

beforeAll(() => {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const options = [
    '--ignoreConfig',
    '--outDir',
    built,
    '--rootDir',
    'src',
    '--target',
    'es2023',
    '--module',
    'nodenext',
  ];
  const sources = ['src/calendar/working-days.ts', 'src/codes/loose-date-time.ts'];
  execFileSync(
    process.execPath,
    [compiler, ...options, '--rewriteRelativeImportExtensions', '--types', 'node', ...sources],
    { cwd: root },
  );
  writeFileSync(join(built, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(built, 'program.js'), PROGRAM);
}, 60_000);

afterAll(() => rmSync(built, { recursive: true }));

it.each([
  ['UTC', 0],
  ['America/Los_Angeles', 480],
  ['Asia/Shanghai', -480],
  ['Pacific/Kiritimati', -840],
])('days and times come out the same with TZ=%s', (zone, offset) => {
  const output = execFileSync(process.execPath, [join(built, 'program.js')], {
    env: { ...process.env, TZ: zone },
    encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual({
    offset,
    due: ['2025-02-07', '2025-10-10', '2025-10-11', '2026-01-08', '2026-02-27', '2026-03-03'],
    worked: [true, false, false],
    times: [
      '2019-04-25T09:32:09+08:00',
      '2019-03-10T02:30:00+08:00',
      '2019-04-25T00:00:00+08:00',
      '2019-04-25T06:00:00+08:00',
      '2019-04-25T23:59:59+08:00',
    ],
    epoch: Date.UTC(2026, 2, 7, 18, 30),
    text: '1970-01-01T08:00:00+08:00',
  });
});

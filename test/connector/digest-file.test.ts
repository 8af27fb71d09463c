import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, describe, expect, test } from 'vitest';
import { phoneDigest } from '../../src/connector/join-key.ts';
import { projectRoot } from '../../src/schema/project-root.ts';

/* `lianqiao connector digest`, as a process of its own. */

const folder = mkdtempSync(join(tmpdir(), 'lianqiao-digest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const secret = Buffer.alloc(32, 7);
const key = join(folder, 'join.key');
writeFileSync(key, secret);

/** As docs/connectors.md says it. */
const digest = (text: string): string => createHmac('sha256', secret).update(text).digest('base64url');

let runs = 0;
function run(bytes: string | Buffer, ...args: string[]) {
  runs += 1;
  const [file, out] = [join(folder, `${runs}.csv`), join(folder, `${runs}.out.csv`)];
  writeFileSync(file, bytes);
  const main = join(projectRoot, 'dist/src/cli/main.js');
  const given = [main, 'connector', 'digest', file, '--column', 'LXDH', '--out', out, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, given, { encoding: 'utf8', timeout: 60_000 });
  for (const form of ['base64', 'base64url', 'hex', 'latin1'] as const)
    expect(stdout + stderr).not.toContain(secret.toString(form));
  return { status, stdout, stderr, out, written: existsSync(out) ? readFileSync(out, 'utf8') : null };
}
const phones = (bytes: string | Buffer, ...args: string[]) => run(bytes, '--kind', 'phone', '--secret', key, ...args);

describe('telephone numbers', () => {
  test('become the digests that the hub asks for; what cannot be read is empty and counted', () => {
    const { status, stdout, written, out } = phones(
      'BH,LXDH,BZ\n1,+86 138 0059 0517,"一, ""二"""\n2,不详,\n3,,\n4,0591-87650119,x\n5,12345,\n',
    );
    expect(written).toBe(
      `BH,LXDH_digest,BZ\n1,${digest('phone:13800590517')},"一, ""二"""\n2,,\n3,,\n4,${digest('phone:0591-87650119')},x\n5,,\n`,
    );
    expect(written).toContain(phoneDigest(secret, '13800590517'));
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'rows 5 = digested 2 + empty 1 + unreadable 2\n' });
    expect(statSync(out).mode & 0o777).toBe(0o600);
  });

  test('of a file in GB18030, and of an area', () => {
    const bytes = iconv.encode('姓名,LXDH\n林晓晨,87650119\n', 'gb18030');
    const { status, written } = phones(bytes, '--encoding', 'gb18030', '--area-code', '0591');
    expect({ status, written }).toEqual({
      status: 0,
      written: `姓名,LXDH_digest\n林晓晨,${digest('phone:0591-87650119')}\n`,
    });
  });
});

test('ID numbers, with the key of a data folder, reported as JSON', () => {
  mkdirSync(join(folder, 'data/keys'), { recursive: true });
  writeFileSync(join(folder, 'data/keys/join.key'), secret);
  const { status, stdout, written } = run(
    'LXDH\n11010519491231002x\n',
    ...['--kind', 'idNumber', '--data-dir', join(folder, 'data'), '--json'],
  );
  expect(JSON.parse(stdout)).toEqual({ rows: 1, digested: 1, empty: 0, unreadable: 0 });
  expect({ status, written }).toEqual({
    status: 0,
    written: `LXDH_digest\n${digest('idNumber:11010519491231002X')}\n`,
  });
});

test.each([
  ['a column that is not there', 'BH,DH\n1,13800590517\n', [], 'the header does not name the column LXDH once'],
  ['a column that is there twice', 'LXDH,LXDH\n1,13800590517\n', [], 'the header does not name the column LXDH once'],
  ['a row that slipped', 'BH,LXDH\n1,x,13800590517\n', [], 'line 2 has 3 cells, not 2'],
  ['another encoding', iconv.encode('姓名,LXDH\n林晓晨,1\n', 'gb18030'), [], 'name another with --encoding'],
  ['an empty file', '', [], 'the file is empty'],
  ['no key', 'LXDH\n1\n', ['--secret', '/nowhere/join.key'], '/nowhere/join.key cannot be read'],
  ['no area code', 'LXDH\n1\n', ['--area-code', '12'], '--area-code takes an area code'],
])('%s is refused, and nothing is left', (_, bytes, args, message) => {
  const { status, stderr, written } = phones(bytes, ...args);
  expect({ status, written }).toEqual({ status: 2, written: null });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('13800590517');
});

test('a file that is there is kept', () => {
  const out = join(folder, 'kept.csv');
  writeFileSync(out, 'mine');
  const { status } = phones('LXDH\n13800590517\n', '--out', out);
  expect({ status, kept: readFileSync(out, 'utf8') }).toEqual({ status: 2, kept: 'mine' });
});

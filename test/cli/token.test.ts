import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { tokenCommand } from '../../src/cli/token.ts';
import { DemoIssuer } from '../../src/identity/demo-issuer.ts';
import { createVerifier } from '../../src/identity/verify.ts';
import { runCommand, type Run } from '../kit/run-command.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-'));
  vi.stubEnv('LIANQIAO_DATA_DIR', dataDir);
  vi.stubEnv('LIANQIAO_CONFIG', '');
  vi.stubEnv('HOST', '127.0.0.1');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dataDir, { recursive: true });
});

/** Runs `lianqiao token …`, and gives all that a shell would see. */
const token = (...args: string[]): Promise<Run> => runCommand(tokenCommand(), args);

const demo = (folder = dataDir) => new DemoIssuer({ dataDir: folder, host: '127.0.0.1', configured: false });
const verify = (text: string, folder = dataDir) =>
  createVerifier({ issuers: [demo(folder).trusted()] }).verify(`Bearer ${text}`);

describe('lianqiao token', () => {
  test('prints one token and nothing else', async () => {
    const { status, stdout, stderr } = await token('--agency', 'police', '--role', 'SYSTEM');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(await verify(stdout.trimEnd())).toMatchObject({
      agency: 'police',
      role: 'SYSTEM',
      unit: null,
      operator: null,
      areas: [],
      grids: [],
      purposes: ['DISPATCH', 'HANDLING', 'FOLLOW_UP', 'SUPERVISION', 'AUDIT', 'STATISTICS'],
    });
    const { iat = 0, exp = 0 } = decodeJwt(stdout);
    expect(exp - iat).toBe(3600);
  });

  test('takes every option, the repeated ones in order', async () => {
    const args =
      '--agency grid --role GRID_WORKER --unit u-1 --operator app --grid a --grid b --area 350102 --area 350103001';
    const { stdout } = await token(
      ...args.split(' '),
      '--purpose',
      'EMERGENCY',
      '--purpose',
      'HANDLING',
      '--ttl',
      '86400',
    );
    expect(await verify(stdout.trimEnd())).toMatchObject({
      agency: 'grid',
      role: 'GRID_WORKER',
      unit: 'u-1',
      operator: 'app',
      grids: ['a', 'b'],
      areas: ['350102', '350103001'],
      purposes: ['EMERGENCY', 'HANDLING'],
    });
    const { iat = 0, exp = 0 } = decodeJwt(stdout);
    expect(exp - iat).toBe(86_400);
  });

  test('takes another data folder', async () => {
    const other = mkdtempSync(join(tmpdir(), 'lianqiao-'));
    const { stdout } = await token('--agency', 'police', '--role', 'SYSTEM', '--data-dir', other);
    await expect(verify(stdout.trimEnd(), other)).resolves.toMatchObject({ agency: 'police' });
    expect(readdirSync(dataDir)).toEqual([]);
    rmSync(other, { recursive: true });
  });

  test('shows its help', async () => {
    const { status, stdout, stderr } = await token('--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const option of ['agency', 'role', 'unit', 'operator', 'grid', 'area', 'purpose', 'ttl', 'data-dir']) {
      expect(stdout).toContain(`--${option} <`);
    }
  });
});

describe('lianqiao token, used wrongly', () => {
  const ttlRule = '--ttl must be a whole number of seconds from 1 to 86400';
  test.each([
    ['--role SYSTEM', "required option '--agency <code>' not specified"],
    ['--agency police', "required option '--role <role>' not specified"],
    [
      '--agency Police --role SYSTEM',
      '--agency must be an agency code: a lower-case letter, then at most 31 letters or digits',
    ],
    ['--agency reconciliation --role SYSTEM', "--agency must not be reconciliation, which is the hub's own"],
    [
      '--agency police --role system',
      '--role must be one of SYSTEM, OPERATOR, HANDLER, GRID_WORKER, SUPERVISOR, AUDITOR, STEWARD',
    ],
    [
      '--agency police --role SYSTEM --purpose FUN',
      '--purpose must be one of DISPATCH, HANDLING, FOLLOW_UP, SUPERVISION, AUDIT, EMERGENCY, STATISTICS',
    ],
    ['--agency police --role SYSTEM --purpose AUDIT --purpose AUDIT', '--purpose must not repeat an entry'],
    ['--agency police --role SYSTEM --area 3501', '--area must be a division code of 6, 9 or 12 digits'],
    [
      '--agency police --role SYSTEM --grid a/b',
      "--grid must be a grid code of at most 32 letters, digits, '-' and '_'",
    ],
    [`--agency police --role SYSTEM --unit ${'u'.repeat(65)}`, '--unit must have at most 64 characters'],
    ['--agency police --role SYSTEM --ttl 0', ttlRule],
    ['--agency police --role SYSTEM --ttl 86401', ttlRule],
    ['--agency police --role SYSTEM --ttl 1h', ttlRule],
    ['--agency police --role SYSTEM --ttl 1e3', ttlRule],
    ['--agency police --role SYSTEM --surprise', "unknown option '--surprise'"],
    ['--agency police --role SYSTEM more', "too many arguments for 'token'. Expected 0 arguments but got 1."],
  ])('%s', async (args, message) => {
    expect(await token(...args.split(' '))).toEqual({ status: 2, stdout: '', stderr: `error: ${message}\n` });
    expect(readdirSync(dataDir)).toEqual([]);
  });
});

describe('lianqiao token, refused', () => {
  test.each([
    [
      'LIANQIAO_CONFIG',
      '/etc/lianqiao.yaml',
      'The demo issuer does not exist beside LIANQIAO_CONFIG: take tokens from an issuer that the configuration names.',
    ],
    [
      'HOST',
      '0.0.0.0',
      'The demo issuer works on loopback only, and the hub listens on "0.0.0.0": set HOST to 127.0.0.1, or name real issuers in LIANQIAO_CONFIG.',
    ],
  ])('with %s=%s', async (name, value, message) => {
    vi.stubEnv(name, value);
    expect(await token('--agency', 'police', '--role', 'SYSTEM')).toEqual({
      status: 1,
      stdout: '',
      stderr: `error: ${message}\n`,
    });
    expect(readdirSync(dataDir)).toEqual([]);
  });
});

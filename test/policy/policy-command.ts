import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, vi } from 'vitest';
import { policyCommand } from '../../src/cli/policy.ts';
import { repository } from './place.ts';

/** A copy of contract and policies below the folder, with some files changed: from each text to the other. */
export function copyWith(
  folder: string,
  ...edits: readonly (readonly [file: string, from: string, to: string])[]
): string {
  const root = mkdtempSync(join(folder, 'root-'));
  cpSync(join(repository, 'schema'), join(root, 'schema'), { recursive: true });
  for (const below of [...readdirSync(join(repository, 'connectors')).map((a) => `connectors/${a}`), 'src/audit'])
    cpSync(join(repository, below), join(root, below), { recursive: true, filter: (path) => !path.endsWith('.ts') });
  for (const [file, from, to] of edits) {
    const text = readFileSync(join(root, file), 'utf8');
    expect(text.split(from).length).toBe(2);
    writeFileSync(join(root, file), text.replace(from, to));
  }
  return root;
}

class Exit extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `lianqiao policy …`, and gives all that a shell would see. */
export async function policy(...args: string[]): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    });
  }
  vi.spyOn(process, 'exit').mockImplementation((status) => {
    throw new Exit(Number(status ?? 0));
  });
  process.exitCode = undefined;
  try {
    await new Command('lianqiao').addCommand(policyCommand()).parseAsync(['policy', ...args], { from: 'user' });
    return { status: Number(process.exitCode ?? 0), ...written };
  } catch (error) {
    if (error instanceof Exit) return { status: error.status, ...written };
    throw error;
  } finally {
    process.exitCode = undefined;
    vi.restoreAllMocks();
  }
}

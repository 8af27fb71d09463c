import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { policyCommand } from '../../src/cli/policy.ts';
import { runCommand, type Run } from '../kit/run-command.ts';
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

/** Runs `lianqiao policy …`. */
export const policy = (...args: string[]): Promise<Run> => runCommand(policyCommand(), args);

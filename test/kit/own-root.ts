import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyFileOf } from '../../src/hub/modules.ts';
import { projectRoot } from '../../src/schema/project-root.ts';

/** A copy of schema and policies that a test may change, in a folder of its own. */
export interface OwnRoot {
  readonly root: string;
  /** Replaces the first such piece of a file below the folder; it must be there. */
  readonly edit: (file: string, from: string, to: string) => void;
  /** Adds a grant before the first of an agency's policy, where it decides before the others. */
  readonly grantFirst: (agency: string, grant: string) => void;
  readonly remove: () => void;
}

export function ownRoot(): OwnRoot {
  const root = mkdtempSync(join(tmpdir(), 'lianqiao-root-'));
  for (const part of ['schema', 'connectors', 'src/audit'])
    cpSync(join(projectRoot, part), join(root, part), { recursive: true });
  const edit = (file: string, from: string, to: string): void => {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  };
  return {
    root,
    edit,
    grantFirst: (agency, grant) => edit(policyFileOf(agency), '\ngrants:\n', `\ngrants:\n${grant}`),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

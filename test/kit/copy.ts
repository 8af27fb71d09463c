import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../src/schema/project-root.ts';
import type { RunningHub } from './running-hub.ts';

type Kit = typeof import('./running-hub.ts');

/** A copy of what the hub is made of, to which an agency's folder can be added. */
export interface Copy {
  readonly root: string;
  /** The files that were added or changed since the copy was made, and those that are gone. */
  changed(): { readonly changed: readonly string[]; readonly gone: readonly string[] };
  write(file: string, text: string): void;
  append(file: string, text: string): void;
  /** Makes the record types from the SDL. */
  generate(): void;
  /** The compiler's complaints about a folder. */
  typeErrors(folder: string): string[];
  /** Starts the hub of the copy on a seeded city. */
  start(env: Readonly<Record<string, string>>): Promise<RunningHub>;
  remove(): Promise<void>;
}

export function makeCopy(): Copy {
  const root = mkdtempSync(join(tmpdir(), 'lianqiao-copy-'));
  for (const part of ['package.json', 'tsconfig.json', 'codegen.ts', 'src', 'schema', 'connectors', 'test/kit'])
    cpSync(join(projectRoot, part), join(root, part), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  const before = filesOf(root);
  const running: RunningHub[] = [];
  const run = (command: string, ...args: string[]): void =>
    void execFileSync(join(projectRoot, 'node_modules/.bin', command), args, { cwd: root, stdio: 'pipe' });
  const write = (file: string, text: string): void => {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  return {
    root,
    changed() {
      const after = filesOf(root);
      return {
        changed: [...after]
          .filter(([file, digest]) => before.get(file) !== digest)
          .map(([file]) => file)
          .toSorted(),
        gone: [...before.keys()].filter((file) => !after.has(file)),
      };
    },
    write,
    append: (file, text) => appendFileSync(join(root, file), text),
    generate: () => run('graphql-codegen', '--config', 'codegen.ts'),
    typeErrors(folder) {
      write('tsconfig.folder.json', JSON.stringify({ extends: './tsconfig.json', include: [folder] }));
      try {
        run('tsc', '--noEmit', '-p', 'tsconfig.folder.json');
        return [];
      } catch (error) {
        const lines = String((error as { stdout?: unknown }).stdout).split('\n');
        return lines.filter((line) => line.startsWith(folder));
      } finally {
        rmSync(join(root, 'tsconfig.folder.json'));
      }
    },
    async start(env) {
      const kit = (await import(pathToFileURL(join(root, 'test/kit/running-hub.ts')).href)) as Kit;
      const hub = await kit.startHub(env);
      running.push(hub);
      return hub;
    },
    async remove() {
      await Promise.all(running.map((hub) => hub.close()));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Every file of the folder with its digest. */
function filesOf(root: string, below = ''): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) for (const [file, digest] of filesOf(root, path)) found.set(file, digest);
    else if (entry.isFile())
      found.set(
        path,
        createHash('sha256')
          .update(readFileSync(join(root, path)))
          .digest('hex'),
      );
  }
  return found;
}

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '../access/problem.ts';
import { formatDateTime } from '../codes/date-time.ts';
import { makeFolder } from '../config/make-folder.ts';
import { replaceFile } from '../config/replace-file.ts';

/** Everything that a version of the policies was compiled from: enough to decide again as it did. */
export interface PolicyVersion {
  readonly version: string;
  readonly policies: readonly { readonly agency: string; readonly file: string; readonly text: string }[];
  readonly sdl: readonly { readonly agency: string; readonly file: string; readonly sdl: string }[];
}

/** A version and since when it was in force, RFC 3339 in +08:00. */
export interface InForceSince {
  readonly version: string;
  readonly since: string;
}

/** Every version that was ever in force, under the data folder. Nothing is ever changed or taken out. */
export interface PolicyHistory {
  wasInForce(version: string): boolean;
  /** The version, or null where it never was in force here. Throws on a file that was altered in form. */
  read(version: string): PolicyVersion | null;
  /** Keeps the version on disk and notes that it is in force from now on (epoch milliseconds). Throws when it cannot. */
  enter(version: PolicyVersion, at: number): void;
  /** The changes of version, the oldest first. */
  changes(): readonly InForceSince[];
}

const stored = z.strictObject({
  version: z.string(),
  policies: z.array(z.strictObject({ agency: z.string(), file: z.string(), text: z.string() })),
  sdl: z.array(z.strictObject({ agency: z.string(), file: z.string(), sdl: z.string() })),
});
const change = z.strictObject({ version: z.string(), since: z.string() });

/** The history in this data folder; made when the first version enters. */
export function openPolicyHistory(dataDir: string): PolicyHistory {
  const folder = join(dataDir, 'policies');
  const journal = join(folder, 'in-force.jsonl');
  const fileOf = (version: string): string => join(folder, `${version}.json`);
  const isName = (version: string): boolean => /^[0-9a-f]{16,64}$/.test(version);
  const kept = (version: string): boolean => isName(version) && existsSync(fileOf(version));
  const changes = (): InForceSince[] => readJournal(journal).changes;
  return {
    wasInForce: (version) => changes().some((c) => c.version === version),
    changes,
    read: (version) => (kept(version) ? stored.parse(JSON.parse(readFileSync(fileOf(version), 'utf8'))) : null),
    enter(version, at) {
      makeFolder(folder);
      if (!kept(version.version)) replaceFile(fileOf(version.version), JSON.stringify(version));
      const { changes: before, torn } = readJournal(journal);
      if (before.at(-1)?.version === version.version) return;
      if (torn) replaceFile(journal, before.map((one) => `${JSON.stringify(one)}\n`).join(''));
      appendFileSync(journal, `${JSON.stringify({ version: version.version, since: formatDateTime(at) })}\n`, {
        mode: 0o600,
        flush: true,
      });
    },
  };
}

/**
 * The journal's lines. A last one without its end was being written when the process or the machine stopped: its version had
 * not come into force yet, so that it counts for nothing (`torn`). Throws on any other line that is none.
 */
function readJournal(file: string): { readonly changes: InForceSince[]; readonly torn: boolean } {
  if (!existsSync(file)) return { changes: [], torn: false };
  const lines = readFileSync(file, 'utf8').split('\n');
  const torn = lines.pop() !== '';
  const changes = lines.map((line, i): InForceSince => {
    try {
      return change.parse(JSON.parse(line));
    } catch {
      throw new ConfigurationError([
        { file, line: i + 1, message: 'is no line of the history of policies; put the file back from a copy' },
      ]);
    }
  });
  return { changes, torn };
}

import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { policyFileOf } from './modules.ts';

/** How long the files must rest before they are read: several saved together come into force together. Milliseconds. */
const restMs = 500;

/**
 * Calls `changed` when a policy file below `root` has changed and then rested. Folders are watched rather than files,
 * since editors and `git` put a new file in the old one's place. Where the system cannot watch, the log says so, and
 * SIGHUP or `reloadPolicies` remain.
 */
export function watchPolicies(
  root: string,
  agencies: readonly string[],
  logger: Logger,
  changed: () => void,
): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  const touch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, restMs).unref();
  };
  const watchers: FSWatcher[] = [];
  for (const file of [...agencies, 'audit'].map(policyFileOf)) {
    const cannot = (error: unknown): void =>
      logger.warn(
        { file, code: (error as NodeJS.ErrnoException).code },
        'changes of this policy are not noticed by themselves; send SIGHUP after a change',
      );
    try {
      const watcher = watch(join(root, dirname(file)), { persistent: false }, (_event, name) => {
        if (name === null || name === basename(file)) touch();
      });
      watcher.on('error', cannot);
      watchers.push(watcher);
    } catch (error) {
      cannot(error);
    }
  }
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

import { Command } from 'commander';
import { loadConfig } from '../config/config.ts';
import { rotateKey } from '../ledger/rotate-key.ts';
import { usageExit } from './usage-exit.ts';

interface Flags {
  readonly dataDir?: string;
  readonly json?: true;
}

/** `lianqiao audit rotate-key`: exit codes 0 done, 1 it cannot be done now, 2 used wrongly. */
export function rotateKeyCommand(): Command {
  return new Command('rotate-key')
    .description("Make a new key for the ledger's heads; a running hub introduces it before its next head")
    .option('--data-dir <folder>', "the hub's data folder (default: LIANQIAO_DATA_DIR)")
    .option('--json', 'print the result as JSON')
    .allowExcessArguments(false)
    .exitOverride(usageExit)
    .action(({ dataDir, json }: Flags) => {
      const folder = dataDir ?? loadConfig(process.env).dataDir;
      try {
        const rotation = rotateKey(folder, Date.now());
        switch (rotation.kind) {
          case 'ROTATED':
            process.stdout.write(
              json === true
                ? `${JSON.stringify(rotation)}\n`
                : `${rotation.before} is followed by ${rotation.key}\nOnce the hub has signed its next head, hand the new keys (audit keys) to witnesses and verifiers.\n`,
            );
            return;
          case 'NOT_INTRODUCED':
            return fail(`log ${rotation.log} has not introduced the current key yet; try again after its next head`);
          case 'BUSY':
            return fail('another process rotates the key; wait until it has ended');
        }
      } catch (error) {
        const { code } = error as { readonly code?: unknown };
        if (typeof code !== 'string') throw error;
        fail(`${folder} is no data folder of a ledger that can be written (${code}); name one with --data-dir`);
      }
    });
}

function fail(message: string): void {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 1;
}

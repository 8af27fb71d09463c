import { Presets, SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../config/config.ts';
import { makeFolder } from '../config/make-folder.ts';
import { openLedgerFile, type LedgerFile } from '../ledger/export/ledger-file.ts';
import { trustedKeysOf } from '../ledger/export/trusted-keys-of.ts';
import { writeExport, type Exported } from '../ledger/export/write-export.ts';
import { witnessKeyOf } from '../ledger/witnesses/witness-settings.ts';
import { ledgerFile } from '../ledger/open-ledger.ts';
import { usageExit } from './usage-exit.ts';

interface ExportFlags {
  readonly out: string;
  readonly dataDir?: string;
  readonly openings: boolean;
  readonly json?: true;
}

/**
 * `lianqiao audit export`: each log of the ledger as one file, as far as its last signed head. Exit codes: 0 done, 1 it
 * cannot be read or written, 2 used wrongly.
 */
export function exportCommand(): Command {
  return new Command('export')
    .description('Write the ledger out for `audit verify`, one file a log, as far as its last signed head')
    .requiredOption('--out <folder>', 'where the files go; those of the same names must not exist')
    .option('--data-dir <folder>', "the hub's data folder (default: LIANQIAO_DATA_DIR)")
    .option('--no-openings', 'leave out what the commitments stand for: persons, tickets, what each agency gave')
    .option('--json', 'print the result as JSON')
    .allowExcessArguments(false)
    .exitOverride(usageExit)
    .action(async (flags: ExportFlags) => {
      await withLedger(flags, async (file) => {
        makeFolder(flags.out);
        const written: Exported[] = [];
        for (const log of file.logs()) {
          const bar = process.stderr.isTTY ? new SingleBar({}, Presets.shades_classic) : null;
          bar?.start(log.size, 0);
          const exported = await writeExport(file, {
            path: join(flags.out, `${log.log}.jsonl`),
            log,
            openings: flags.openings,
            onProgress: (entries) => bar?.update(entries),
          }).finally(() => bar?.stop());
          if (exported !== null) written.push(exported);
        }
        print(
          flags.json === true
            ? JSON.stringify(written, null, 2)
            : written.map(({ path, entries }) => `${path}: ${entries} entries`).join('\n') ||
                'no head of the ledger is signed yet: there is nothing to prove',
        );
      });
    });
}

/**
 * `lianqiao audit keys`: the public keys of the ledger's logs and of its configured witnesses as a trusted key file. Exit codes: 0 done, 1 it cannot be
 * read, 2 used wrongly.
 */
export function keysCommand(): Command {
  return new Command('keys')
    .description(
      'Print the public keys of the ledger and of its witnesses as a trusted key file, to be handed over apart from any export',
    )
    .option('--data-dir <folder>', "the hub's data folder (default: LIANQIAO_DATA_DIR)")
    .allowExcessArguments(false)
    .exitOverride(usageExit)
    .action((flags: Pick<ExportFlags, 'dataDir'>) =>
      withLedger(flags, async (file) =>
        print(
          JSON.stringify(
            trustedKeysOf(file.keys(), loadConfig(process.env).ledgerWitnesses.map(witnessKeyOf)),
            null,
            2,
          ),
        ),
      ),
    );
}

async function withLedger(
  { dataDir }: Pick<ExportFlags, 'dataDir'>,
  work: (file: LedgerFile) => Promise<void>,
): Promise<void> {
  const folder = dataDir ?? loadConfig(process.env).dataDir;
  const path = join(folder, ledgerFile);
  try {
    if (!existsSync(path))
      throw new Error(`${folder} holds no ${ledgerFile}; name the hub's data folder with --data-dir`);
    const file = openLedgerFile(path);
    try {
      await work(file);
    } finally {
      file.close();
    }
  } catch (error) {
    process.stderr.write(`error: ${told(error)}\n`);
    process.exitCode = 1;
  }
}

function told(error: unknown): string {
  const { code, path } = error as { readonly code?: string; readonly path?: string };
  if (code === 'EEXIST') return `${path ?? 'the file'} is there already; name another folder or remove it`;
  if (code?.startsWith('SQLITE_') === true)
    return `${ledgerFile} cannot be read (${code}); a hub of this version makes it`;
  if (code !== undefined && path !== undefined) return `${path} cannot be used (${code})`;
  return error instanceof Error ? error.message : 'unknown failure';
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

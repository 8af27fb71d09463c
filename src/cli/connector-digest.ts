import { Presets, SingleBar } from 'cli-progress';
import { Command, Option } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAreaCode } from '../codes/phone.ts';
import {
  DigestFileError,
  digestFile,
  type DigestFileOptions,
  type DigestFileReport,
} from '../connector/digest-file.ts';
import { CsvFault } from '../csv/csv-rows.ts';
import { usageExit } from './usage-exit.ts';

interface Flags {
  readonly kind: DigestFileOptions['kind'];
  readonly column: string;
  readonly out: string;
  readonly dataDir: string;
  readonly secret?: string;
  readonly areaCode?: string;
  readonly encoding: DigestFileOptions['encoding'];
  readonly json?: true;
}

/** `lianqiao connector digest FILE`: exits 0 done, 1 done with numbers that cannot be read, 2 stopped or used wrongly. */
export function connectorDigestCommand(): Command {
  return new Command('digest')
    .description('Write a CSV file with keyed digests in the place of personal numbers, for joins by digest')
    .argument('<file>', 'a CSV file with a header')
    .addOption(
      new Option('--kind <kind>', 'what the column holds').choices(['phone', 'idNumber']).makeOptionMandatory(),
    )
    .requiredOption('--column <name>', 'the column with the numbers')
    .requiredOption('--out <file>', 'the file to write; it must not be there')
    .option(
      '--data-dir <dir>',
      'folder of the hub, whose keys/join.key is used',
      process.env['LIANQIAO_DATA_DIR'] ?? 'data',
    )
    .option('--secret <file>', 'another file with the 32 bytes of the join key')
    .option('--area-code <code>', 'of landlines that are written without one, like 0591')
    .addOption(
      new Option('--encoding <name>', 'of a file without a byte order mark')
        .choices(['utf-8', 'gb18030'])
        .default('utf-8'),
    )
    .option('--json', 'print the report as JSON')
    .allowExcessArguments(false)
    .exitOverride(usageExit)
    .action(digest);
}

async function digest(file: string, flags: Flags, command: Command): Promise<void> {
  const { kind, column, out, encoding, areaCode } = flags;
  if (areaCode !== undefined && (kind !== 'phone' || !isAreaCode(areaCode)))
    command.error('error: --area-code takes an area code like 0591, with --kind phone', { exitCode: 2 });
  const bar = process.stderr.isTTY ? progressBar() : undefined;
  try {
    const secret = readKey(flags.secret ?? join(flags.dataDir, 'keys', 'join.key'));
    const report = await digestFile({
      file,
      kind,
      column,
      out,
      encoding,
      secret,
      ...(areaCode === undefined ? {} : { areaCode }),
      ...(bar === undefined ? {} : { onProgress: bar.show }),
    });
    bar?.stop();
    process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : described(report));
    process.exitCode = report.unreadable > 0 ? 1 : 0;
  } catch (error) {
    bar?.stop();
    process.stderr.write(`error: ${reasonOf(error)}\n`);
    process.exitCode = 2;
  }
}

/** The key is never made here: digests under a key that no hub has would join nobody. */
function readKey(path: string): Buffer {
  let key: Buffer;
  try {
    key = readFileSync(path);
  } catch {
    throw new DigestFileError(`${path} cannot be read; a hub makes it when it first starts, --secret names another`);
  }
  if (key.length !== 32) throw new DigestFileError(`${path} is no join key: it has not 32 bytes`);
  return key;
}

function described({ rows, digested, empty, unreadable }: DigestFileReport): string {
  return `rows ${rows} = digested ${digested} + empty ${empty} + unreadable ${unreadable}\n`;
}

function reasonOf(error: unknown): string {
  if (error instanceof DigestFileError || error instanceof CsvFault) return error.message;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST') return `${path} is there already; name another file or remove it`;
  if (code !== undefined && path !== undefined) return `${path} cannot be used (${code})`;
  throw error;
}

function progressBar(): { readonly show: NonNullable<DigestFileOptions['onProgress']>; readonly stop: () => void } {
  const bar = new SingleBar({ format: '{bar} {percentage}% | {rows} rows' }, Presets.shades_classic);
  return {
    show: ({ bytes, totalBytes, rows }) => {
      if (!bar.isActive) bar.start(totalBytes, 0, { rows: 0 });
      bar.update(bytes, { rows });
    },
    stop: () => bar.stop(),
  };
}

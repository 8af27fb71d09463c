import { Presets, SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { readTrustedKeys, type TrustedKey } from '../ledger/format/trusted-keys.ts';
import { verifyExport, type ExportReport } from '../ledger/verify/verify-export.ts';
import { usageExit } from './usage-exit.ts';

interface Flags {
  readonly keys?: string;
  readonly heads?: string;
  readonly strict?: true;
  readonly segment?: true;
  readonly json?: true;
}

/** `lianqiao audit verify`: exit codes 0 verified, 1 broken, or consistent only, 2 used wrongly. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('Verify an export of the ledger, with nothing but the export, trusted keys and the heads of witnesses')
    .argument('<export>', 'file of the export')
    .option('--keys <file>', 'trusted keys; without them the verdict is CONSISTENT_ONLY at best')
    .option('--heads <file>', 'heads that witnesses kept: shows forks and rollbacks')
    .option('--strict', 'parse each entry too: that it is canonical JSON')
    .option('--segment', 'do not ask for what comes after the export: larger trees of witnesses are no finding')
    .option('--json', 'print the report as JSON')
    .allowExcessArguments(false)
    .exitOverride(usageExit)
    .action((path: string, flags: Flags, command: Command) => run(path, flags, command));
}

async function run(path: string, flags: Flags, command: Command): Promise<void> {
  const wrong = (message: string): never => command.error(`error: ${message}`, { exitCode: 2 });
  const keys = flags.keys === undefined ? null : keysOf(flags.keys, wrong);
  const heads = flags.heads === undefined ? null : contentOf(flags.heads, '--heads', wrong);
  const bar = process.stderr.isTTY ? progressBar() : null;
  let report: ExportReport;
  try {
    report = await verifyExport(path, {
      keys,
      heads,
      strict: flags.strict ?? false,
      segment: flags.segment ?? false,
      ...(bar === null ? {} : { onProgress: bar.show }),
    });
  } catch (error) {
    // Whatever stands in the file is a finding; only a file that cannot be read comes here.
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return wrong(`${path} cannot be read${code}; name the file of an export`);
  } finally {
    bar?.stop();
  }
  process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : described(report));
  process.exitCode = report.verdict === 'VERIFIED' ? 0 : 1;
}

function keysOf(file: string, wrong: (message: string) => never): readonly TrustedKey[] {
  try {
    return readTrustedKeys(contentOf(file, '--keys', wrong).toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return wrong(`${file} is no file of trusted keys: ${error.message}; docs/ledger-format.md shows one`);
  }
}

function contentOf(file: string, option: string, wrong: (message: string) => never): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return wrong(`${file} cannot be read; name a file with ${option}`);
  }
}

function progressBar(): { readonly show: (done: number, total: number) => void; readonly stop: () => void } {
  const bar = new SingleBar({ format: '{bar} {percentage}%' }, Presets.shades_classic);
  return {
    show: (done, total) => {
      if (!bar.isActive) bar.start(total, 0);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

function described(report: ExportReport): string {
  const { verdict, log, first, size, entries, heads, root, at, compared, unfinished, counts, findings } = report;
  const left = Object.values(counts).reduce((sum, count) => sum + count, 0) - findings.length;
  const lines = [
    ...findings.map(
      ({ code, file, line, offset, seq, expected, found }) =>
        `${code} ${file} line ${line}, byte ${offset}${seq === null ? '' : `, seq ${seq}`}: expected ${expected}; found ${found}`,
    ),
    ...(left > 0 ? [`and ${left} more: ${JSON.stringify(counts)}`] : []),
    ...(log === null
      ? []
      : [`log ${log}: entries ${String(first)} to ${String(size)} (not included), ${entries} read, ${heads} heads`]),
    ...(root === null ? [] : [`last head: root ${root} of ${String(at)}`]),
    ...(compared === 0 ? [] : [`compared with ${compared} heads of witnesses`]),
    ...(unfinished.count === 0
      ? []
      : [`${unfinished.count} intents without outcome, no break: seq ${unfinished.seqs.join(', ')}`]),
    ...(verdict === 'CONSISTENT_ONLY'
      ? ['No trusted keys were given: anybody may have made this. Name a file with --keys.']
      : []),
    verdict,
  ];
  return `${lines.join('\n')}\n`;
}

import { writeFileSync } from 'node:fs';
import { Presets, SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { ImportError } from '../tickets/import/import-error.ts';
import { importTickets, type ImportOptions, type ImportReport } from '../tickets/import/import-tickets.ts';
import { MappingError } from '../tickets/import/mapping-error.ts';
import { mappingJsonSchema } from '../tickets/import/mapping-schema.ts';

interface TicketsFlags {
  readonly mapping: string;
  readonly dataDir: string;
  readonly rejects?: string;
  readonly json?: true;
  readonly dryRun?: true;
  readonly restart?: true;
}

/** `lianqiao import`: exit code 0 done, 1 done with rejected rows, 2 stopped before the end (the message says why). */
export function importCommand(): Command {
  const command = new Command('import').description("bring a source's records into the hub");
  endWithUsageCode(command);
  command
    .command('tickets')
    .description('read tickets from a CSV file of any shape')
    .argument('<file>', 'the CSV file: UTF-8, UTF-16 with a mark, or GB18030')
    .requiredOption('--mapping <file>', 'how its columns become fields (see docs/import.md)')
    .option('--data-dir <dir>', 'folder of hotline.db', process.env['LIANQIAO_DATA_DIR'] ?? 'data')
    .option('--rejects <file>', 'where rejected rows go (default: FILE.rejects.csv in the data folder)')
    .option('--json', 'print the report as JSON')
    .option('--dry-run', 'only count what would happen')
    .option('--restart', 'forget how far an earlier run of the same file and mapping came')
    .action(runTickets);
  command
    .command('mapping-schema')
    .description('print the JSON Schema of mapping files, for editors')
    .option('--out <file>', 'write it to a file')
    .action(({ out }: { readonly out?: string }) => {
      if (out === undefined) process.stdout.write(mappingJsonSchema());
      else writeFileSync(out, mappingJsonSchema());
    });
  return command;
}

/** Commander ends a wrong call with 1, which here means "done with rejected rows". Subcommands inherit this. */
function endWithUsageCode(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
}

async function runTickets(file: string, flags: TicketsFlags): Promise<void> {
  const bar = process.stderr.isTTY ? progressBar() : undefined;
  const options: ImportOptions = {
    file,
    mapping: flags.mapping,
    dataDir: flags.dataDir,
    dryRun: flags.dryRun ?? false,
    restart: flags.restart ?? false,
    ...(flags.rejects === undefined ? {} : { rejects: flags.rejects }),
    ...(bar === undefined ? {} : { onProgress: bar.show }),
  };
  try {
    const report = await importTickets(options);
    bar?.stop();
    process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : describe(report));
    process.exitCode = report.rejected > 0 && !report.alreadyDone ? 1 : 0;
  } catch (error) {
    bar?.stop();
    process.stderr.write(`${reasonOf(error)}\n`);
    process.exitCode = 2;
  }
}

function progressBar(): { readonly show: NonNullable<ImportOptions['onProgress']>; readonly stop: () => void } {
  const bar = new SingleBar({ format: '{bar} {percentage}% | {rows} rows' }, Presets.shades_classic);
  return {
    show: ({ bytes, totalBytes, rows }) => {
      if (!bar.isActive) bar.start(totalBytes, 0, { rows: 0 });
      bar.update(bytes, { rows });
    },
    stop: () => bar.stop(),
  };
}

function describe(report: ImportReport): string {
  const { read, inserted, updated, unchanged, rejected, rejectsByCode, rejectsFile } = report;
  const lines = [
    ...(report.dryRun ? ['Dry run: nothing was written to the store.'] : []),
    ...(report.alreadyDone ? ['This file was already imported with this mapping; --restart does it again.'] : []),
    ...(report.resumedAfterRow > 0 ? [`Went on after row ${report.resumedAfterRow} of an interrupted run.`] : []),
    `read ${read} = inserted ${inserted} + updated ${updated} + unchanged ${unchanged} + rejected ${rejected}`,
    ...Object.entries(rejectsByCode).map(([code, count]) => `  ${code} ${count}`),
    ...(rejectsFile === null ? [] : [`Rejected rows: ${rejectsFile}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** An unforeseen error shows its kind and code only: a driver's message may quote a value. */
function reasonOf(error: unknown): string {
  if (error instanceof MappingError || error instanceof ImportError) return error.message;
  const name = error instanceof Error ? error.name : 'unknown error';
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : '';
  return `The import stopped (${name}${code}). What it had committed stays; run the same command again to go on`;
}

import { SingleBar, Presets } from 'cli-progress';
import { Command } from 'commander';
import { seedCity, type CitySummary } from '../city/city.ts';
import { folderUnusable, SeedError } from '../city/seed-error.ts';
import { secretFile } from '../config/secret-file.ts';

interface SeedFlags {
  readonly tickets: string;
  readonly seed: string;
  readonly dataDir: string;
  readonly force?: true;
  readonly json?: true;
}

/**
 * `lianqiao seed`: fills the data folder with a made-up city. Exit codes: 0 seeded, 1 not seeded (a city is there, the
 * folder cannot be written), 2 used wrongly; the one line on stderr says why.
 */
export function seedCommand(): Command {
  return new Command('seed')
    .description('Fill the data folder with a made-up city: five agencies, their tickets and records')
    .option('--tickets <number>', 'tickets to make, 10 to 10000000', '2000')
    .option('--seed <number>', 'another whole number makes another city; the same one the same city', '1')
    .option('--data-dir <folder>', "the hub's data folder", process.env['LIANQIAO_DATA_DIR'] ?? 'data')
    .option('--force', 'replace the city that is there')
    .option('--json', 'print the summary as JSON')
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2))
    .action(seed);
}

async function seed(flags: SeedFlags, command: Command): Promise<void> {
  const tickets = wholeNumber(flags.tickets);
  if (tickets === null || tickets < 10 || tickets > 10_000_000) {
    command.error('error: --tickets must be a whole number from 10 to 10000000');
  }
  const number = wholeNumber(flags.seed);
  if (number === null) command.error('error: --seed must be a whole number of at most 15 digits');

  const bar = process.stderr.isTTY ? progressBar() : undefined;
  try {
    const summary = await seedCity({
      dataDir: flags.dataDir,
      tickets,
      seed: number,
      joinSecret: joinSecret(flags.dataDir),
      force: flags.force ?? false,
      ...(bar === undefined ? {} : { onProgress: bar.show }),
    });
    bar?.stop();
    process.stdout.write(flags.json ? `${JSON.stringify(summary)}\n` : described(summary, flags.dataDir));
  } catch (error) {
    bar?.stop();
    process.stderr.write(`error: ${reasonOf(error)}\n`);
    process.exitCode = 1;
  }
}

function wholeNumber(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** The hub's own join secret, so that the digests in the police's records are those that it will ask for. */
function joinSecret(dataDir: string): Buffer {
  try {
    return secretFile(dataDir, 'join');
  } catch (error) {
    throw folderUnusable(dataDir, error);
  }
}

function progressBar(): { readonly show: (done: number, total: number) => void; readonly stop: () => void } {
  const bar = new SingleBar({ format: '{bar} {percentage}% | {value} of {total} tickets' }, Presets.shades_classic);
  return {
    show: (done, total) => {
      if (!bar.isActive) bar.start(total, 0);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

function described(summary: CitySummary, dataDir: string): string {
  const lines = Object.entries(summary.rows).map(([agency, tables]) => {
    const rows = Object.values(tables).reduce((sum, n) => sum + n, 0);
    return `  ${agency.padEnd(8)} ${rows} rows in ${Object.keys(tables).length} tables`;
  });
  return [
    `Seeded ${summary.tickets} tickets (seed ${summary.seed}) in ${dataDir}`,
    ...lines,
    `Try ticket ${summary.showcase}`,
    '',
  ].join('\n');
}

function reasonOf(error: unknown): string {
  if (error instanceof SeedError) return error.message;
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : '';
  const name = error instanceof Error ? error.name : 'unknown error';
  return `the city was not seeded (${name}${code}): run it again with --force`;
}

import { Presets, SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { pino } from 'pino';
import { ConfigurationError } from '../access/problem.ts';
import { isDate } from '../codes/date-time.ts';
import { loadConfig } from '../config/config.ts';
import { createHub, type Hub } from '../hub/hub.ts';
import { ReconcileError } from '../reconciliation/ask-tickets.ts';
import type { ReconcileReport } from '../reconciliation/reconcile.ts';
import { projectRoot } from '../schema/project-root.ts';
import { usageExit } from './usage-exit.ts';

interface ReconcileFlags {
  readonly since?: string;
  readonly restart?: boolean;
  readonly json?: boolean;
}

/** `lianqiao reconcile`: exit code 0 nothing new found, 1 lost handoffs found, 2 wrong use, or stopped before the end. */
export function reconcileCommand(): Command {
  return new Command('reconcile')
    .description("compare the hotline's handoffs with what each agency recorded, and keep what is lost")
    .option('--since <date>', 'only tickets changed on this day or later, and those with open findings', day)
    .option('--restart', 'begin anew: do not go on with a run that was broken off')
    .option('--json', 'print the report as JSON')
    .allowExcessArguments(false)
    .exitOverride(usageExit)
    .action(run);
}

function day(text: string): string {
  if (!isDate(text)) throw new InvalidArgumentError('must be a real day, written YYYY-MM-DD.');
  return text;
}

async function run({ since, restart = false, json = false }: ReconcileFlags): Promise<void> {
  const bar = process.stderr.isTTY ? progressBar() : null;
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  let hub: Hub | null = null;
  try {
    const config = loadConfig(process.env);
    // What the hub would do by itself it does not do here.
    hub = await createHub({
      config: { ...config, reconcileMinutes: 0 },
      root: projectRoot,
      logger: pino({ level: 'silent' }),
    });
    const report = await hub.reconcile({
      since: since === undefined ? null : `${since}T00:00:00+08:00`,
      resume: !restart,
      signal: stopping.signal,
      ...(bar === null ? {} : { onProgress: bar.show }),
    });
    bar?.stop();
    process.stdout.write(json ? `${JSON.stringify(report)}\n` : described(report));
    process.exitCode = !report.ended ? 2 : report.found > 0 ? 1 : 0;
  } catch (error) {
    bar?.stop();
    process.stderr.write(`error: ${reasonOf(error)}\n`);
    process.exitCode = 2;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await hub?.close();
  }
}

function progressBar(): { readonly show: (done: number, total: number | null) => void; readonly stop: () => void } {
  const bar = new SingleBar({ format: '{bar} {percentage}% | {value} of {total} tickets' }, Presets.shades_classic);
  return {
    show: (done, total) => {
      if (!bar.isActive) bar.start(total ?? done, 0);
      if (total === null) bar.setTotal(done);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

function described(report: ReconcileReport): string {
  const { ended, resumed, tickets, found, settled, withdrawn, agencies } = report;
  const lines = [
    ...(resumed ? ['Went on with a run that was broken off.'] : []),
    `${tickets} tickets looked at: ${found} lost handoffs found, ${settled} settled, ${withdrawn} withdrawn`,
    ...Object.entries(agencies).map(([agency, of]) => {
      const not = [
        ...(of.NOT_GIVEN > 0 ? [`${of.NOT_GIVEN} not granted`] : []),
        ...(of.UNAVAILABLE > 0 ? [`${of.UNAVAILABLE} unavailable`] : []),
        ...(of.STALE > 0 ? [`${of.STALE} stale`] : []),
      ];
      return `  ${agency.padEnd(8)} ${of.COMPARED} compared${not.length === 0 ? '' : `; not compared: ${not.join(', ')}`}`;
    }),
    ...(ended ? [] : ['Stopped before the end; run the same command again to go on.']),
  ];
  return `${lines.join('\n')}\n`;
}

/** An unforeseen error shows its kind and code only: a driver's message may quote a value. */
function reasonOf(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if (error instanceof ReconcileError) return `${error.code}: ${error.message}`;
  const name = error instanceof Error ? error.name : 'unknown error';
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : '';
  return `the reconciliation stopped (${name}${code}); what it had found stays; run the same command again to go on`;
}

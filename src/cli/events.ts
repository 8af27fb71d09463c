import { Command, InvalidArgumentError } from 'commander';
import { ConfigurationError } from '../access/problem.ts';
import { suggestion } from '../access/suggestion.ts';
import { loadConfig, type LoadedConfig } from '../config/config.ts';
import {
  EventsPruned,
  deadLetters,
  replayDead,
  replayFrom,
  webhookStates,
  type DeadLetter,
} from '../events/webhooks/delivery-desk.ts';
import type { WebhookSettings } from '../events/webhooks/webhook-settings.ts';
import { ticketKeeper } from '../handoffs/ticket-keeper.ts';
import type { TicketDatabase } from '../store/ticket-database.ts';
import { usageExit } from './usage-exit.ts';

interface Common {
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** Events that are listed, at most. */
const mostListed = 1_000;

/**
 * `lianqiao events`: how far the webhooks are, what was set aside, and bringing it again. None of it shows a ticket's number:
 * one may be a report's. Exit codes: 0 done, 1 something was set aside or cannot be used now, 2 used wrongly.
 */
export function eventsCommand(): Command {
  return new Command('events')
    .description('Events and webhooks: how far they are, what was set aside, bringing events again')
    .showSuggestionAfterError(false)
    .exitOverride(usageExit)
    .addCommand(statusCommand())
    .addCommand(deadCommand())
    .addCommand(replayCommand());
}

function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--data-dir <folder>', "the hub's data folder (default: LIANQIAO_DATA_DIR)")
    .option('--json', 'print JSON')
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .exitOverride(usageExit);
}

function statusCommand(): Command {
  return command('status', 'How far each webhook is: its cursor in the events, what waits, what was set aside').action(
    (options: Common) =>
      withDatabase(options, async ({ db }) => {
        const states = await webhookStates(db);
        print(options, states, () =>
          states.length === 0
            ? ['no webhook has begun; they are named in the configuration (webhooks)']
            : states.map((s) => `${s.webhook}  cursor ${s.cursor}, ${s.pending} pending, ${s.dead} set aside`),
        );
        return 0;
      }),
  );
}

function deadCommand(): Command {
  return command('dead', `The events that were set aside, the oldest first, ${mostListed} at most`)
    .argument('[webhook]', 'of this webhook only')
    .action((name: string | undefined, options: Common) =>
      withDatabase(options, async ({ db }, config) => {
        if (name !== undefined) webhookOf(config, name);
        const letters = await deadLetters(db, name ?? null, mostListed);
        print(options, letters, () => letters.map(line));
        return letters.length === 0 ? 0 : 1;
      }),
    );
}

function replayCommand(): Command {
  return command('replay', 'Bring events to a webhook again, under their own ids; they are judged anew')
    .argument('<webhook>', 'the name of the webhook')
    .option('--from <cursor>', 'all events after this place, those that it got as well', place)
    .option('--dead', 'the events that were set aside')
    .action((name: string, options: Common & { readonly from?: number; readonly dead?: boolean }, self: Command) => {
      if ((options.from === undefined) === (options.dead !== true))
        self.error('error: name either --from CURSOR or --dead', { exitCode: 2 });
      return withDatabase(options, async (database, config) => {
        const webhook = webhookOf(config, name);
        const replayed =
          options.from === undefined
            ? await replayDead(database, name)
            : await replayFrom(database, name, webhook, options.from);
        if (replayed === null) throw new Error(`no hub has served the webhook ${name} yet; start one`);
        print(options, { webhook: name, replayed }, () => [`${name}: ${replayed} events will be brought again`]);
        return 0;
      });
    });
}

function line({ webhook, seq, eventId, kind, at, tries, failure }: DeadLetter): string {
  return `${webhook}  ${seq}  ${eventId}  ${kind}  ${at}  ${tries} tries  ${failure ?? '-'}`;
}

function place(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('Write a cursor as `events status` shows it, or 0.');
  return Number(text);
}

/** Wrong usage, told by its own message. */
class UsageError extends Error {}

function webhookOf({ webhooks }: LoadedConfig, name: string): WebhookSettings {
  const found = webhooks.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = webhooks.map((one) => one.name);
  throw new UsageError(`the configuration has no webhook ${name}.${suggestion(name, names)}`);
}

async function withDatabase(
  { dataDir }: Common,
  verb: (database: TicketDatabase, config: LoadedConfig) => Promise<0 | 1>,
): Promise<void> {
  try {
    const config = loadConfig({ ...process.env, ...(dataDir === undefined ? {} : { LIANQIAO_DATA_DIR: dataDir }) });
    const keeper = ticketKeeper(config);
    if (keeper === null)
      throw new Error('the ticket record is kept in another system (sources.hotline), which has no events');
    try {
      const file = await keeper.file();
      if (file === null)
        throw new Error(`${config.dataDir} holds no tickets; name the hub's data folder with --data-dir`);
      process.exitCode = await verb(file.database, config);
    } finally {
      await keeper.close();
    }
  } catch (error) {
    process.stderr.write(`error: ${messageOf(error)}\n`);
    const wrongly = error instanceof UsageError || error instanceof ConfigurationError || error instanceof EventsPruned;
    process.exitCode = wrongly ? 2 : 1;
  }
}

/** A database's own message may quote what was asked: its code says enough. */
function messageOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return `the ticket record cannot be used now (${code})`;
  return error instanceof Error ? error.message : 'unknown failure';
}

function print({ json }: Common, value: unknown, lines: () => readonly string[]): void {
  process.stdout.write(
    json === true
      ? `${JSON.stringify(value, null, 2)}\n`
      : lines()
          .map((l) => `${l}\n`)
          .join(''),
  );
}

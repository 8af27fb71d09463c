import { ConfigurationError } from '../access/problem.ts';
import type { LoadedConfig } from '../config/config.ts';
import type { EntitySource } from '../connector/connector.ts';
import { createGuard, type SourceGuard } from '../connector/guard/create-guard.ts';
import type { Guard } from '../connector/guard/guard.ts';
import type { GuardEvent } from '../connector/guard/guard-event.ts';
import { observed } from '../connector/guard/observed.ts';
import type { Circumstances } from '../connector/source.ts';
import { openConnector, type OpenConnector, type SourceLook } from '../connector/open-connector.ts';
import { SourceError, type SourceFault } from '../connector/source-error.ts';
import { formatDateTime } from '../codes/date-time.ts';
import type { Registry } from '../connector/registry.ts';
import { SecretError } from '../connector/settings/secret.ts';
import { sourceSettings, type SourceSettings } from '../connector/settings/source-settings.ts';
import { sqliteFile } from '../connector/sql/sqlite-file.ts';
import { suggestion } from '../access/suggestion.ts';
import { SourceStates, type SourceChange } from './source-states.ts';

/** How a source is now. Holds no value and no address. */
export interface SourceHealth {
  readonly agency: string;
  readonly source: string;
  /** Whether it answers and lets the hub read. */
  readonly ok: boolean;
  /** Why not, and what the source itself calls it. */
  readonly fault?: SourceFault;
  readonly code?: string;
  /** Since when a source that is delivered has brought nothing newer, where that is too long ago. */
  readonly staleSince?: string;
  /** What keeps new deliveries out. */
  readonly troubles?: readonly string[];
}

export interface OpenSources {
  /** The source of a record type; undefined where no connector loads it. */
  readonly sourceOf: (type: string) => EntitySource | undefined;
  health(): Promise<readonly SourceHealth[]>;
  /** From now on `listen` is told what becomes of the loads of each source. */
  observe(listen: SourceListener): void;
  /** Erases the answers that are kept to stand in for sources: the policies have changed. */
  forgetAnswers(): void;
  close(): Promise<void>;
}

/** Is told what becomes of a source's loads: never a value. */
export type SourceListener = (source: string, event: GuardEvent) => void;

interface OpenSourcesOptions {
  readonly registry: Registry;
  readonly config: LoadedConfig;
  readonly circumstances: Circumstances;
  /** Seconds for which the agency's policy in force lets the last good answer of its sources stand in. */
  readonly lastKnownGoodSeconds: (agency: string) => number;
  readonly onStatement?: (agency: string, text: string) => void;
  /** Told what somebody should see to and no load would tell, such as a file that is refused. */
  readonly onProblem?: (source: string, message: string) => void;
  /** Told when a source begins to fail and when it answers again. */
  readonly onChange?: (change: SourceChange) => void;
}

/** Opens every source as the configuration says, without asking any: the hub starts while they are down. Throws `ConfigurationError`. */
export function openSources({
  registry,
  config,
  circumstances,
  lastKnownGoodSeconds,
  onStatement,
  onProblem,
  onChange = () => undefined,
}: OpenSourcesOptions): OpenSources {
  checkNames(registry, config);
  const opened: OpenConnector[] = [];
  const guards: SourceGuard[] = [];
  const listeners: SourceListener[] = [];
  const states = new SourceStates(onChange);
  const guardFor = (agency: string, source: string, settings: SourceSettings): Guard => {
    if (isSqliteFile(settings)) return observed((event) => states.observe(source, event));
    const guard = createGuard(agency, settings, {
      observe(event) {
        states.observe(source, event);
        for (const listen of listeners) listen(source, event);
      },
      lastKnownGoodSeconds: () => lastKnownGoodSeconds(agency),
    });
    guards.push(guard);
    return guard;
  };
  for (const connector of registry.connectors) {
    try {
      opened.push(
        openConnector(connector, {
          dataDir: config.dataDir,
          settings: (source) => settingsOf(source, config),
          keyChunk: config.keyChunk,
          circumstances,
          onUnreadable(source, unreadable) {
            for (const listen of listeners) listen(source, { kind: 'unreadable', ...unreadable });
          },
          guard: (source, settings) => guardFor(connector.agency, source, settings),
          ...(onStatement === undefined ? {} : { onStatement }),
          ...(onProblem === undefined ? {} : { onProblem }),
        }),
      );
    } catch (error) {
      if (!(error instanceof TypeError) && !(error instanceof SecretError)) throw error;
      throw new ConfigurationError([
        { file: 'configuration', message: `sources: ${connector.agency}: ${error.message}` },
      ]);
    }
  }
  const types = new Map(opened.flatMap((c) => [...c.sources]));
  return {
    sourceOf: (type) => types.get(type),
    async health() {
      const signal = AbortSignal.timeout(2_000);
      const looks = opened.flatMap((c) => [...c.health].map(([source, look]) => ({ agency: c.agency, source, look })));
      return Promise.all(
        looks.map(async ({ agency, source, look }) => ({ agency, source, ...(await stateOf(look, signal)) })),
      );
    },
    observe: (listen) => void listeners.push(listen),
    forgetAnswers: () => guards.forEach((guard) => guard.forget()),
    async close() {
      await Promise.all(opened.map((c) => c.close()));
    },
  };
}

/**
 * A database file is read within this process and without a turn of the event loop: nothing runs beside such a load, no
 * timer can cut it short, and it is as good the next moment as after a pause. Its busy wait is bounded in sql/database.ts.
 */
function isSqliteFile(settings: SourceSettings): boolean {
  return settings.kind === 'sql' && settings.client === 'sqlite';
}

function settingsOf(source: string, config: LoadedConfig): SourceSettings {
  // The hub's own log is no agency's system, and is nowhere else.
  if (source === 'audit') return sourceSettings.parse({ kind: 'sql', client: 'sqlite', file: 'ledger.db' });
  return config.sources[source] ?? sqliteFile(source);
}

/** A name that no connector has would leave its source unread without a word. */
function checkNames(registry: Registry, config: LoadedConfig): void {
  const known = registry.connectors.flatMap((c) => c.sources.map((s) => s.name)).filter((n) => n !== 'audit');
  const unknown = Object.keys(config.sources).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const message = `sources: no connector has a source ${unknown}${suggestion(unknown, known)}; they are ${known.join(', ')}`;
  throw new ConfigurationError([{ file: 'configuration', message }]);
}

async function stateOf(look: SourceLook, signal: AbortSignal): Promise<Omit<SourceHealth, 'agency' | 'source'>> {
  const reached = await reachedBy(look, signal);
  const [since, troubles] = [look.staleSince(), look.troubles()];
  return {
    ...reached,
    ...(since === null ? {} : { staleSince: formatDateTime(since) }),
    ...(troubles.length === 0 ? {} : { troubles }),
  };
}

async function reachedBy(look: SourceLook, signal: AbortSignal): Promise<Pick<SourceHealth, 'ok' | 'fault' | 'code'>> {
  try {
    await look.reach(signal);
    return { ok: true };
  } catch (error) {
    if (error instanceof SourceError) {
      const { fault, code } = error;
      return { ok: false, fault, ...(code === null ? {} : { code }) };
    }
    if (signal.aborted) return { ok: false, fault: 'TIMEOUT' };
    throw error;
  }
}

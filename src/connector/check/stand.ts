import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connector, EntitySource } from '../connector.ts';
import type { CommonSettings } from '../settings/common.ts';
import { sourceSettings, type SourceSettings } from '../settings/source-settings.ts';
import type { MappedEntity, OpenSource, SourceDeclaration, SourceDriver } from '../source.ts';
import type { BenchEntity } from './bench.ts';
import { CheckStop } from './check.ts';
import { outcomeOf } from './outcome.ts';
import { referenceSource } from './reference.ts';
import type { SampleRow } from './sample-rows.ts';
import { openSampleStore } from './sample-store.ts';
import { openWay, type Files, type Way } from './way.ts';

export interface StandOptions {
  /** Other rows than the kit's own, by record type. */
  readonly rows?: (entity: BenchEntity) => readonly SampleRow[];
  /** Columns of a record type that the source no longer has. */
  readonly gone?: (entity: MappedEntity) => ReadonlySet<string>;
  readonly settings?: Partial<CommonSettings> & { readonly answerBytes?: number };
  /** Done to the files of a source that lies in files, before it is opened. */
  readonly damage?: Exclude<keyof Files, 'restore'>;
  /** Keys in one call; default 20, so that the kit's batches need several. */
  readonly batchKeys?: number;
  /** False: the check itself waits for what a delivered source takes in. */
  readonly ready?: false;
}

/** A simulated system, its driver, and the way between them. */
export interface Stand {
  /** Those that the driver was opened with. */
  readonly settings: SourceSettings;
  readonly way: Way;
  readonly open: OpenSource;
  /** Every call that the driver has told of. */
  readonly statements: readonly string[];
  readonly source: (type: string) => EntitySource;
  /** Right answers over the same rows. */
  readonly reference: (type: string) => EntitySource;
  readonly rows: (type: string) => readonly SampleRow[];
  /** Resolves once a delivered source has taken in what lies there, however long a busy machine needs. Throws `CheckStop`. */
  ready(): Promise<void>;
  /** The answer to a load that must come; `what` names it. Throws `CheckStop` where it fails or hangs. */
  ask<T>(what: string, load: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Closes all of it; what did not close in time is said. */
  close(): Promise<readonly string[]>;
}

interface StandOf {
  readonly connector: Connector;
  readonly source: SourceDeclaration;
  readonly driver: SourceDriver;
  readonly entities: readonly BenchEntity[];
  readonly folder: string;
}

/** Milliseconds for an answer of a source that is well. */
const patience = 60_000;
/** Milliseconds for taking in what a source was delivered: only one that never ends it takes longer. */
const readyPatience = 240_000;
const closeMilliseconds = 5_000;

export async function openStand(of: StandOf, options: StandOptions): Promise<Stand> {
  const { connector, source, driver, entities, folder } = of;
  const { gone, damage, batchKeys = 20 } = options;
  const agency = connector.agency;
  const rows = new Map(entities.map((e) => [e.type, options.rows?.(e) ?? e.rows]));
  const store = openSampleStore(
    join(folder, 'rows.sqlite'),
    entities.map(({ type, entity, keys }) => ({
      entity,
      rows: rows.get(type) ?? [],
      indexed: [...keys, ...entity.order.map((o) => o.field)].flatMap((f) => entity.mapping[f]?.columns ?? []),
      ...(gone === undefined ? {} : { gone: gone(entity) }),
    })),
  );
  const system = join(folder, 'system');
  mkdirSync(system);
  const about = { agency, source: source.name, entities: source.entities };
  const simulator = await driver.simulate({ ...about, rows: store.rows, folder: system });
  const { way, settings } = await openWay(tuned(simulator.settings, options.settings ?? {}));
  if (damage !== undefined && way.kind === 'files') way.files[damage]();
  const statements: string[] = [];
  const open = driver.open({
    ...about,
    settings,
    dataDir: folder,
    batchKeys,
    onStatement: (text) => void statements.push(text),
  });
  const references = new Map<string, EntitySource>();
  const stand: Stand = {
    settings,
    way,
    open,
    statements,
    source(type) {
      const found = open.sources.get(type);
      if (found === undefined) throw new CheckStop(`the ${driver.kind} driver opens no source of ${type}`);
      return found;
    },
    reference(type) {
      const entity = entities.find((e) => e.type === type)?.entity;
      if (entity === undefined) throw new CheckStop(`${type} is no record type of ${source.name}`);
      const found = references.get(type) ?? referenceSource(entity, rows.get(type) ?? []);
      references.set(type, found);
      return found;
    },
    rows: (type) => rows.get(type) ?? [],
    ready: () => must('what lies there', async (signal) => open.ready?.(signal), readyPatience),
    ask: (what, load) => must(what, load, patience),
    async close() {
      const late: string[] = [];
      const each: readonly (readonly [string, () => Promise<unknown>])[] = [
        ['the driver', () => open.close()],
        ['the way', async () => way.kind === 'files' || way.proxy.close()],
        ['the simulator', () => simulator.close()],
      ];
      for (const [what, close] of each)
        if (!(await inTime(close()))) late.push(`${what} did not close within ${closeMilliseconds / 1_000} s`);
      store.close();
      return late;
    },
  };
  if (options.ready === false) return stand;
  try {
    await stand.ready();
  } catch (error) {
    await stand.close();
    throw error;
  }
  return stand;
}

async function must<T>(what: string, load: (signal: AbortSignal) => Promise<T>, milliseconds: number): Promise<T> {
  const outcome = await outcomeOf(load, { patience: milliseconds, slack: 2_000 });
  switch (outcome.kind) {
    case 'answer':
      return outcome.value;
    case 'hung':
      throw new CheckStop(`${what}: no answer within ${Math.round(outcome.milliseconds / 1_000)} s`);
    case 'error':
      throw new CheckStop(`${what}: ${nameOf(outcome.error)}`);
  }
}

/** An error as a check may say it. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function tuned(settings: SourceSettings, more: NonNullable<StandOptions['settings']>): SourceSettings {
  const { answerBytes, ...common } = more;
  return sourceSettings.parse({
    ...settings,
    ...common,
    // A look into the folder must not be waited for.
    ...(settings.kind === 'file' ? { pollSeconds: 1 } : {}),
    ...('answerBytes' in settings && answerBytes !== undefined ? { answerBytes } : {}),
  });
}

async function inTime(closing: Promise<unknown>): Promise<boolean> {
  const stop = new AbortController();
  try {
    return await Promise.race([
      closing.then(
        () => true,
        () => true,
      ),
      sleep(closeMilliseconds, false, { signal: stop.signal }),
    ]);
  } finally {
    stop.abort();
  }
}

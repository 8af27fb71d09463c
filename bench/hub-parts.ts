import Fastify from 'fastify';
import mercurius from 'mercurius';
import { pino } from 'pino';
import { loadConfig } from '../src/config/config.ts';
import type { EntitySource } from '../src/connector/connector.ts';
import { createEngine, type Engine, type EngineParts, type Executor } from '../src/hub/engine.ts';
import { createHub } from '../src/hub/hub.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import { projectRoot } from '../src/schema/project-root.ts';

/** A hub on a seeded city, with its parts at hand. */
export interface HubParts extends Pick<EngineParts, 'documents' | 'execute' | 'schema' | 'config' | 'ledger'> {
  readonly joinSecret: Buffer;
  /** Mercurius with its JIT on the hub's schema: what an ungated hub would execute with. */
  readonly mercurius: Executor;
  sources: EngineParts['sources'];
  source(type: string): EntitySource;
  /** The gated way, with this log behind it and, where given, other sources. */
  engine(ledger: Ledger, source?: (type: string) => EntitySource | undefined): Engine;
  close(): Promise<void>;
}

/** `onStatement` is called with each statement that goes to a source; `sources` are settings as in `LIANQIAO_SOURCES`. */
export async function openHubParts(
  dataDir: string,
  onStatement?: (agency: string, sql: string) => void,
  sources: Readonly<Record<string, unknown>> = {},
): Promise<HubParts> {
  const config = loadConfig({ LIANQIAO_DATA_DIR: dataDir, LIANQIAO_SOURCES: JSON.stringify(sources) });
  const logger = pino({ level: 'silent' });
  const hub = await createHub({
    config,
    root: projectRoot,
    logger,
    ...(onStatement === undefined ? {} : { onStatement }),
  });
  const { parts } = hub;
  const app = Fastify({ logger: false });
  await app.register(mercurius, { schema: parts.schema, routes: false, jit: 1, cache: 1_000 });
  await app.ready();
  return {
    documents: parts.documents,
    execute: parts.execute,
    mercurius: ({ text, operation }, context, variables) =>
      app.graphql(text, { ...context }, { ...variables }, operation.name?.value),
    schema: parts.schema,
    config: parts.config,
    ledger: parts.ledger,
    joinSecret: parts.services.joinSecret,
    sources: parts.sources,
    source(type) {
      const found = parts.services.source(type);
      if (found === undefined) throw new TypeError(`no connector loads ${type}`);
      return found;
    },
    engine: (ledger, source) =>
      createEngine({
        ...parts,
        ledger,
        services: { ...parts.services, ...(source === undefined ? {} : { source }) },
      }),
    async close() {
      await app.close();
      await hub.close();
    },
  };
}

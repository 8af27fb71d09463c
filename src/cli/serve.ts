import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { destination, pino, type Logger } from 'pino';
import { ConfigurationError } from '../access/problem.ts';
import { seedCity } from '../city/city.ts';
import type { ServedSystems } from '../city/serve-systems.ts';
import { showcase } from '../city/showcase.ts';
import { forkSystems } from '../city/systems-process.ts';
import { loadConfig, type LoadedConfig } from '../config/config.ts';
import { secretFile } from '../config/secret-file.ts';
import { createHub, type Hub } from '../hub/hub.ts';
import { watchPolicies } from '../hub/watch-policies.ts';
import { DemoIssuer, DemoIssuerRefused } from '../identity/demo-issuer.ts';
import { createVerifier } from '../identity/verify.ts';
import { projectRoot } from '../schema/project-root.ts';
import { demoCallers } from '../server/demo-callers.ts';
import { createServer } from '../server/server.ts';

/** `lianqiao serve`: the hub and its console. Without a configuration it makes its embedded city first. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve the hub; without LIANQIAO_CONFIG on an embedded, generated city')
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2))
    .action(async () => {
      try {
        await serve(process.env);
      } catch (error) {
        process.stderr.write(`error: ${startError(error)}\n`);
        process.exitCode = 1;
      }
    });
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  const loaded = loadConfig(env);
  const level = env['LOG_LEVEL'] ?? 'info';
  if (!logLevels.includes(level)) {
    throw new ConfigurationError([{ file: 'LOG_LEVEL', message: `must be one of ${logLevels.join(', ')}` }]);
  }
  const logger = pino({ level }, destination({ dest: 2, sync: true }));
  const demoIssuer = loaded.configured
    ? null
    : new DemoIssuer({ dataDir: loaded.dataDir, host: loaded.host, configured: false });
  if (demoIssuer === null && loaded.issuers.length === 0) {
    throw new ConfigurationError([
      {
        file: env['LIANQIAO_CONFIG'] ?? 'configuration',
        message: 'issuers: name at least one token issuer; the demo issuer exists only without LIANQIAO_CONFIG',
      },
    ]);
  }
  if (demoIssuer !== null && isEmpty(loaded.dataDir)) await makeCity(loaded);
  const systems = demoIssuer === null ? null : await citySystems(loaded);
  // What the configuration says of a source goes before what the city serves.
  const config = systems === null ? loaded : { ...loaded, sources: { ...systems.sources, ...loaded.sources } };
  try {
    await run({ config, env, logger, demoIssuer, systems });
  } catch (error) {
    await systems?.close();
    throw error;
  }
}

interface Running {
  readonly config: LoadedConfig;
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
  readonly demoIssuer: DemoIssuer | null;
  readonly systems: ServedSystems | null;
}

async function run({ config, env, logger, demoIssuer, systems }: Running): Promise<void> {
  const logSql = env['LIANQIAO_LOG_SQL'] === '1';
  const hub = await createHub({
    config,
    root: projectRoot,
    logger,
    ...(logSql
      ? { onStatement: (agency: string, sql: string) => void process.stderr.write(`sql ${agency}: ${sql}\n`) }
      : {}),
  });
  const verifier = createVerifier({
    issuers: [...config.issuers, ...(demoIssuer === null ? [] : [demoIssuer.trusted()])],
    onKeyProblem: (problem) => logger.warn({ problem }, 'a key of an issuer is not used'),
  });
  const app = await createServer({ hub, config, verifier, demoIssuer, logger, root: projectRoot });
  let address: string;
  try {
    address = await app.listen({ port: config.port, host: config.host });
  } catch (error) {
    await hub.close();
    throw error;
  }
  void warnOfSilence(hub, logger);
  const reload = (): void => void hub.policies.reload();
  process.on('SIGHUP', reload);
  const watcher = config.policyWatch
    ? watchPolicies(projectRoot, config.connectors, logger, reload)
    : { close: () => undefined };
  const stop = async (): Promise<void> => {
    watcher.close();
    await app.close();
    await hub.close();
    await systems?.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop().then(() => process.exit(0)));
  await welcome(address, config, demoIssuer);
}

/** The hub serves at once: a source that takes its time, or is down, costs its own fields until it answers. */
async function warnOfSilence(hub: Hub, logger: Logger): Promise<void> {
  for (const { source, ok } of await hub.health())
    if (!ok) logger.warn({ source }, 'the source does not answer; its fields are unavailable until it does');
}

/** Whether the folder holds neither a city nor imported tickets: those are never seeded over. */
function isEmpty(dataDir: string): boolean {
  return !existsSync(join(dataDir, 'city.json')) && !existsSync(join(dataDir, 'hotline.db'));
}

/** The systems of an embedded city; null where the data folder holds none. */
async function citySystems({ dataDir, connectors }: LoadedConfig): Promise<ServedSystems | null> {
  return existsSync(join(dataDir, 'city.json')) ? forkSystems(resolve(dataDir), connectors) : null;
}

async function makeCity(config: LoadedConfig): Promise<void> {
  process.stdout.write(
    '第一次启动: 正在生成示例城市 (2,000 件工单) … First start: making the embedded city (2,000 tickets) …\n',
  );
  await seedCity({ dataDir: config.dataDir, joinSecret: secretFile(config.dataDir, 'join') });
}

async function welcome(address: string, config: LoadedConfig, demoIssuer: DemoIssuer | null): Promise<void> {
  const lines = [
    '',
    `联桥 Lianqiao  ${address}`,
    `  控制台 console   ${address}/console`,
    `  查询台 explorer  ${address}/explorer`,
    `  接口 endpoint    POST ${address}/graphql`,
  ];
  if (demoIssuer !== null && existsSync(join(config.dataDir, 'city.json'))) {
    lines.push('', `同一件工单, 四种视角: ticket ${showcase.ticketNo}, valid for an hour:`);
    for (const { label, purpose, claims } of demoCallers(config)) {
      lines.push('', `  # ${label} (Lianqiao-Purpose: ${purpose})`, `  ${await demoIssuer.issue(claims, 3_600)}`);
    }
    lines.push('', '  更多令牌 more tokens: npx lianqiao token --help');
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** One clear line for what commonly goes wrong at the start. */
function startError(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof DemoIssuerRefused) return error.message;
  const { code, path, port } = error as { code?: string; path?: string; port?: number };
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port ?? ''} is in use; set PORT to a free one, or stop the program that has it`;
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${path ?? 'the data folder'} cannot be written; set LIANQIAO_DATA_DIR to a folder that can`;
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return 'ledger.db in the data folder is damaged; restore it from a backup, or set LIANQIAO_DATA_DIR to another folder';
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
      return 'the data folder cannot be written; set LIANQIAO_DATA_DIR to a folder that can';
    default:
      return error instanceof Error ? error.message : 'unknown failure';
  }
}

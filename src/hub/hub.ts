import Fastify from 'fastify';
import mercurius from 'mercurius';
import type { Logger } from 'pino';
import type { PlanSources } from '../access/selection-planner.ts';
import { hubItself } from '../access/facts.ts';
import { ConfigurationError } from '../access/problem.ts';
import type { TrustedKey } from '../ledger/format/trusted-keys.ts';
import { openLedger, type OpenLedger } from '../ledger/open-ledger.ts';
import type { WitnessDesk } from '../ledger/witnesses/witness-desk.ts';
import { witnessKeyOf } from '../ledger/witnesses/witness-settings.ts';
import { settledSource } from '../audit/settled-source.ts';
import type { EntitySource } from '../connector/connector.ts';
import { officeHoursOf, receiptLimits } from '../connector/circumstances.ts';
import type { Circumstances } from '../connector/source.ts';
import type { LoadedConfig } from '../config/config.ts';
import { formatDateTime } from '../codes/date-time.ts';
import { secretFile } from '../config/secret-file.ts';
import { createAnswerWriter } from '../executor/answer-writer.ts';
import { createCursorSeal } from '../gate/cursor.ts';
import type { GateContext } from '../schema/embedded.ts';
import { filterProblems } from './check-filters.ts';
import { createDocuments, type Prepared } from './documents.ts';
import { createEngine, type Engine, type EngineParts } from './engine.ts';
import { loadContract, type Contract } from './house.ts';
import { makeFolder } from '../config/make-folder.ts';
import { openPolicyHistory } from '../policy/history.ts';
import { redisWake } from '../events/redis-wake.ts';
import { localWake, type Wake } from '../events/wake.ts';
import { openRequests } from '../requests/requests.ts';
import { openHandoffs } from '../handoffs/handoff-roots.ts';
import type { ReconcileOptions, ReconcileReport } from '../reconciliation/reconcile.ts';
import { createReconciler, type Reconciler } from '../reconciliation/reconciler.ts';
import { openEvents, type Events } from './open-events.ts';
import { openSources, type SourceHealth, type SourceListener } from './open-sources.ts';
import type { SourceChange } from './source-states.ts';
import { ownRoots } from './own-roots.ts';
import { catalogueRoot } from './roots/catalogue.ts';
import { policyRoots } from './roots/policy-roots.ts';
import { bringIntoForce, type PolicyInForce } from './policy-in-force.ts';

export interface Hub extends Engine {
  /** What plans are made from now. */
  readonly sources: PlanSources;
  readonly policies: PolicyInForce;
  readonly events: Events;
  /** What the engine is made of, for whoever measures or replaces a part. */
  readonly parts: EngineParts;
  /** Compares the handoffs of tickets with what the agencies recorded of them. Rejects with `ReconcileError`. */
  reconcile(options: ReconcileOptions): Promise<ReconcileReport>;
  /** Which sources answer now. */
  health(): Promise<readonly SourceHealth[]>;
  /** From now on `listen` is told what becomes of the loads of each source. */
  observeSources(listen: SourceListener): void;
  /** What witnesses of the ledger are told, and what they bring. */
  readonly witnessDesk: WitnessDesk;
  /** The public keys of the ledger's logs and witnesses, as a trusted key file has them. */
  ledgerKeys(): { readonly v: 1; readonly keys: readonly TrustedKey[] };
  close(): Promise<void>;
}

export interface HubOptions {
  readonly config: LoadedConfig;
  /** The folder with schema/ and connectors/. */
  readonly root: string;
  readonly logger: Logger;
  /** Called with each statement that goes to a source, placeholders only. */
  readonly onStatement?: (agency: string, sql: string) => void;
  /** Epoch milliseconds; default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Puts the hub together from its folders. Throws `ConfigurationError` (a category, policy, join or folder is not right)
 * before any source is asked.
 */
export async function createHub(options: HubOptions): Promise<Hub> {
  const { config, root, logger, now = Date.now } = options;
  const contract = await loadContract(root, config.connectors);
  makeDataFolder(config.dataDir);
  const ledger = await openLedger({
    dataDir: config.dataDir,
    milliseconds: config.ledgerMilliseconds,
    headSeconds: config.ledgerHeadSeconds,
    witnesses: config.ledgerWitnesses.map(witnessKeyOf),
    now,
    ownerOf: (coordinate) => contract.facts.fields.get(coordinate)?.owner ?? hubItself,
    onHeadFault: (code) => logger.warn({ code }, 'the head of the ledger cannot be signed; it is tried again'),
  });
  try {
    return await assemble(options, contract, ledger);
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

async function assemble(
  { config, root, logger, onStatement, now = Date.now }: HubOptions,
  contract: Contract,
  ledger: OpenLedger,
): Promise<Hub> {
  const { schema, facts, registry } = contract;
  const { dataDir } = config;
  const circumstances: Circumstances = {
    officeHours: officeHoursOf(config.officeHours),
    receipts: receiptLimits(config.receiptGraceHours, config.receiptGraceHoursOf, config.receiptClockMinutes),
    now,
  };
  const opened = openSources({
    registry,
    config,
    circumstances,
    // Loads begin once the policies are in force.
    lastKnownGoodSeconds: (agency) => policies.current.policy.lastKnownGoodSeconds(agency),
    ...(onStatement === undefined ? {} : { onStatement }),
    onProblem: (source, message) => logger.warn({ source }, message),
    onChange: (change) => logChange(logger, change),
  });
  const disclosures = opened.sourceOf('Disclosure');
  const settled = disclosures === undefined ? undefined : settledSource(disclosures, () => ledger.settle());
  const sourceOf = (type: string): EntitySource | undefined =>
    type === 'Disclosure' ? settled : opened.sourceOf(type);

  let reconciler: Reconciler | null = null;
  const policies: PolicyInForce = bringIntoForce({
    contract,
    policyRoot: root,
    history: openPolicyHistory(dataDir),
    unfit: (policy) => filterProblems(registry, policy, sourceOf),
    changed: () => {
      opened.forgetAnswers();
      reconciler?.policyChanged();
    },
    logger,
    now,
  });
  const sources = (): PlanSources => ({ schema, facts, registry, policy: policies.current.policy });
  const documents = createDocuments(schema, config.limits);
  const cursors = createCursorSeal(secretFile(dataDir, 'cursor'));
  const requests = openRequests({
    dataDir,
    config,
    contract,
    policies,
    seal: cursors,
  });
  const wake = openWake(config, logger);
  const handoffs = openHandoffs({ config, facts, policies, seal: cursors, onEvents: () => wake.call() });
  handoffs.prepare().catch((error: unknown) => {
    const { code } = error as { readonly code?: unknown };
    logger.warn({ code }, 'the ticket store cannot be used yet; it is tried again when it is needed');
  });
  const own = ownRoots(facts.ownRoots, [
    catalogueRoot(contract, policies),
    ...policyRoots({
      contract,
      policies,
      history: openPolicyHistory(dataDir),
      source: sourceOf,
      documents,
      sources,
      policyRoot: root,
    }),
    ...requests.roots,
    ...handoffs.roots,
  ]);
  const app = Fastify({ logger: false });
  // Routes are ours (graphql-http). What our own writer leaves to it Mercurius executes, one operation at a time, so that
  // its caches cannot mix them up.
  await app.register(mercurius, { schema, routes: false, jit: 1, cache: 1_000 });
  await app.ready();

  const writeAnswer = createAnswerWriter(schema);

  const parts: EngineParts = {
    config,
    sources,
    schema,
    documents,
    ledger,
    logger,
    now,
    services: {
      registry,
      source: sourceOf,
      joinSecret: secretFile(dataDir, 'join'),
      pseudonymSecret: secretFile(dataDir, 'pseudonym'),
      cursors,
      statistics: { smallestCell: config.statisticsSmallestCell, settlingDays: config.statisticsSettlingDays },
      times: {
        warningHours: config.ticketWarningHours,
        repeatDays: config.ticketRepeatDays,
        duplicateDays: config.ticketDuplicateDays,
        mergeDays: config.ticketMergeDays,
      },
      disputes: requests.disputes,
      circumstances,
    },
    async execute(operation: Prepared, context: GateContext, variables, coerced) {
      const data = writeAnswer(operation.operation, context.gate, coerced);
      if (data !== null) return { data };
      return app.graphql(operation.text, { ...context }, { ...variables }, operation.operation.name?.value);
    },
    open: ({ principal }, { purpose }, report, at) =>
      own({
        principal,
        purpose,
        at,
        record: (type, owner, id) => report.record(type, owner, [id]),
        seal: (ticketNo) => report.seal(ticketNo),
      }),
  };

  const engine = createEngine(parts);
  const comparing = createReconciler({
    config,
    engine,
    receipts: registry.receipts,
    facts,
    policy: () => policies.current.policy,
    database: () => handoffs.database(),
    onEvents: () => wake.call(),
    logger,
    now,
  });
  reconciler = comparing;
  const events = openEvents({
    config,
    schema,
    facts,
    policies,
    documents,
    engine,
    withFile: handoffs.withFile,
    wake,
    logger,
    now,
  });

  return {
    ...engine,
    events,
    parts,
    reconcile: (options) => comparing.run(options),
    get sources() {
      return sources();
    },
    policies,
    health: () => opened.health(),
    ledgerKeys: () => ledger.keys(),
    witnessDesk: ledger.witnesses,
    observeSources: (listen) => opened.observe(listen),
    async close() {
      await comparing.close();
      await app.close();
      await events.close();
      await opened.close();
      requests.close();
      await handoffs.close();
      await ledger.close();
    },
  };
}

function logChange(logger: Logger, change: SourceChange): void {
  switch (change.kind) {
    case 'fails': {
      const { source, fault, code } = change;
      logger.warn({ source, fault, ...(code === null ? {} : { code }) }, 'the source fails');
      return;
    }
    case 'answers': {
      const { source, since } = change;
      logger.info({ source, failedSince: formatDateTime(since) }, 'the source answers again');
    }
  }
}

function openWake({ redis }: LoadedConfig, logger: Logger): Wake {
  if (redis === null) return localWake();
  return redisWake(redis, (reached) => {
    if (reached) logger.info('Redis is reached again');
    else logger.warn('Redis cannot be reached; other instances learn of events when they look for them');
  });
}

function makeDataFolder(dataDir: string): void {
  try {
    makeFolder(dataDir);
  } catch (error) {
    throw new ConfigurationError([
      {
        file: dataDir,
        message: `the data folder cannot be made (${(error as NodeJS.ErrnoException).code ?? 'unknown'}); set LIANQIAO_DATA_DIR to one that can be written`,
      },
    ]);
  }
}

import Fastify from 'fastify';
import { execute, type ExecutionResult } from 'graphql';
import mercurius from 'mercurius';
import { pino } from 'pino';
import { stringify } from 'yaml';
import { schemaFacts } from '../../src/access/facts.ts';
import { parsePolicy, type ParsedPolicy } from '../../src/access/policy-file.ts';
import { compilePolicy, type Policy } from '../../src/access/policy.ts';
import type { PlanSources } from '../../src/access/selection-planner.ts';
import { loadConfig } from '../../src/config/config.ts';
import type { EntitySource } from '../../src/connector/connector.ts';
import { openConnector } from '../../src/connector/open-connector.ts';
import { usualCircumstances } from '../../src/connector/circumstances.ts';
import { createRegistry } from '../../src/connector/registry.ts';
import { sqliteFile } from '../../src/connector/sql/sqlite-file.ts';
import { createAnswerWriter } from '../../src/executor/answer-writer.ts';
import { createCursorSeal } from '../../src/gate/cursor.ts';
import { filterProblems } from '../../src/hub/check-filters.ts';
import { joinProblems, joinReadsAcross } from '../../src/hub/check-joins.ts';
import { createDocuments, type Documents } from '../../src/hub/documents.ts';
import { createEngine, type EngineParts, type Executor, type HubAnswer } from '../../src/hub/engine.ts';
import { embeddedSchema } from '../../src/schema/embedded.ts';
import { droppingLedger } from '../kit/dropping-ledger.ts';
import { counting, now, type CallerModel, type PolicyModel, type SchemaModel, type WorldModel } from './model.ts';
import type { Leak } from './leaks.ts';
import { joinSecret } from './record-arbitrary.ts';
import { sdlOf } from './sdl.ts';
import { connectorsOf, openStore, type Store } from './store.ts';

/** The key of the pseudonyms in every world. */
export const pseudonymSecret = Buffer.alloc(32, 9);
const cursorSecret = Buffer.alloc(32, 11);

/** One load that was sent to a source: everything that it was told, bindings included. */
export interface SentLoad {
  readonly type: string;
  readonly fields: readonly string[];
  /** The whole load as text. */
  readonly text: string;
}

export interface Asked {
  /** The answer's bytes. */
  readonly text: string;
  readonly answer: HubAnswer;
  /** In a fixed order. */
  readonly loads: readonly SentLoad[];
  readonly statements: readonly string[];
}

export interface House {
  readonly world: WorldModel;
  readonly sources: PlanSources;
  readonly documents: Documents;
  readonly store: Store;
  readonly executor: ExecutorName;
  ask(caller: CallerModel, query: string, variables: Readonly<Record<string, unknown>>): Promise<Asked>;
  /** The same house under other policies. */
  under(policies: readonly PolicyModel[]): House;
  close(): Promise<void>;
}

export type ExecutorName = 'graphql' | 'mercurius';

const config = loadConfig({
  LIANQIAO_LIMITS_COST: '10000000',
  LIANQIAO_LIMITS_TOKENS: '100000',
  LIANQIAO_LIMITS_DIRECTIVES: '1000',
});
const logger = pino({ level: 'silent' });

/** The world with the approvals that its relations need of their fields' owners. */
export function withJoins(world: WorldModel): WorldModel {
  const facts = schemaFacts(sdlOf(world.schema));
  const reads = joinReadsAcross(createRegistry(connectorsOf(world.schema)), facts);
  return {
    ...world,
    policies: world.policies.map((policy) => ({
      ...policy,
      joins: reads
        .filter((r) => r.owner === policy.agency)
        .map((r) => ({ reads: r.reads, for: r.relation, law: '政务数据共享条例' })),
    })),
  };
}

/** The agency's `sharing.yaml`. */
export function policyText(policy: PolicyModel): string {
  return stringify(policy, { aliasDuplicateObjects: false });
}

export function compile(
  schema: SchemaModel,
  policies: readonly PolicyModel[],
): { facts: PlanSources['facts']; policy: Policy } {
  const modules = sdlOf(schema);
  const facts = schemaFacts(modules);
  return {
    facts,
    policy: compiled(
      policies,
      facts,
      modules.map((m) => m.sdl),
    ),
  };
}

function compiled(
  policies: readonly PolicyModel[],
  facts: PlanSources['facts'],
  sdl: readonly string[],
  parsedBefore: Map<PolicyModel, ParsedPolicy> = new Map(),
): Policy {
  const parsed = policies.map((policy) => {
    const of = parsedBefore.get(policy) ?? parsePolicy(policyText(policy), `connectors/${policy.agency}/sharing.yaml`);
    parsedBefore.set(policy, of);
    return of;
  });
  return compilePolicy(parsed, facts, sdl);
}

/** The whole way of a request over the world: real policies, plans, gate, connectors and SQLite files. */
export async function openHouse(world: WorldModel, executor: ExecutorName, leak: Leak = {}): Promise<House> {
  const modules = sdlOf(world.schema);
  const sdl = modules.map((m) => m.sdl);
  const facts = schemaFacts(modules);
  const schema = embeddedSchema(modules);
  const registry = createRegistry(connectorsOf(world.schema));
  const store = openStore(world.schema, world.records);
  const loads: SentLoad[] = [];
  const statements: string[] = [];
  const opened = registry.connectors.map((connector) =>
    openConnector(connector, {
      dataDir: store.folder,
      settings: sqliteFile,
      keyChunk: 3,
      // A look at a column that seemed unreadable names no key and no value, and comes when the clock lets it.
      onStatement: (agency, text) => void (isLook(text) || statements.push(`${agency} ${text}`)),
    }),
  );
  const sourceOf = new Map(opened.flatMap((c) => [...c.sources]).map(([type, of]) => [type, watched(type, of, loads)]));
  const app = executor === 'mercurius' ? Fastify({ logger: false }) : null;
  if (app !== null) {
    await app.register(mercurius, { schema, routes: false, jit: 1, cache: 1_000 });
    await app.ready();
  }
  const writeAnswer = createAnswerWriter(schema);
  // What the hub writes itself must be what a full executor makes of the same objects, to the byte.
  const walk: Executor = async (operation, context, variables, coerced): Promise<ExecutionResult> => {
    const full: ExecutionResult = await (app === null
      ? execute({ schema, document: operation.document, contextValue: context, variableValues: variables })
      : app.graphql(operation.text, { ...context }, { ...variables }, operation.operation.name?.value));
    const data = writeAnswer(operation.operation, context.gate, coerced);
    if (data === null) return full;
    if (JSON.stringify({ data }) !== JSON.stringify(full))
      throw new Error(`written otherwise than executed: ${JSON.stringify(data)}`);
    return { data };
  };
  const documents = createDocuments(schema, config.limits);

  const parsed = new Map<PolicyModel, ParsedPolicy>();
  const under = (policies: readonly PolicyModel[]): House => {
    const policy = compiled(policies, facts, sdl, parsed);
    const sources: PlanSources = { schema, facts, registry, policy };
    const problems = [
      ...joinProblems(registry, facts, policy),
      ...filterProblems(registry, policy, (t) => sourceOf.get(t)),
    ];
    if (problems.length > 0) throw new TypeError(problems.map((p) => p.message).join('; '));
    const whole: EngineParts = {
      config,
      sources: () => sources,
      schema,
      documents,
      services: {
        registry,
        source: (type) => sourceOf.get(type),
        joinSecret,
        pseudonymSecret,
        cursors: createCursorSeal(cursorSecret),
        statistics: counting,
        times: { warningHours: 24, repeatDays: 90, duplicateDays: 15, mergeDays: 7 },
        disputes: { openDisputes: () => new Map() },
        circumstances: usualCircumstances,
      },
      ledger: droppingLedger,
      logger,
      execute: walk,
      open: () => () => null,
      now: () => now,
    };
    const parts = leak.parts?.(whole, store) ?? whole;
    const engine = createEngine(parts);
    return {
      world: { ...world, policies },
      sources,
      documents,
      store,
      executor,
      async ask(caller, query, variables) {
        loads.length = 0;
        statements.length = 0;
        const given = await engine.answer(requestOf(caller, query, variables));
        const answer = leak.answer?.(given, { parts, store, caller }) ?? given;
        return {
          answer,
          text: JSON.stringify(answer),
          loads: loads.toSorted((a, b) => (a.text < b.text ? -1 : 1)),
          statements: statements.toSorted(),
        };
      },
      under,
      async close() {
        await app?.close();
        await Promise.all(opened.map((c) => c.close()));
        store.close();
      },
    };
  };
  return under(world.policies);
}

function requestOf(
  caller: CallerModel,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Parameters<ReturnType<typeof createEngine>['answer']>[0] {
  const { agency, role, purpose, unit, areas, grids, ticket } = caller;
  return {
    principal: {
      subject: 'proof',
      issuer: 'proof',
      tokenId: 'proof',
      agency,
      role,
      unit,
      operator: null,
      areas,
      grids,
      purposes: [purpose],
      expiresAt: now / 1_000 + 3_600,
    },
    query,
    operationName: null,
    variables,
    purpose,
    ticket,
    reason: '人员被困',
    mayChange: false,
  };
}

/** The source, with everything that it is told written down. */
function watched(type: string, source: EntitySource, loads: SentLoad[]): EntitySource {
  const note = (kind: string, fields: readonly string[], load: object): void => {
    const told = Object.fromEntries(Object.entries(load).filter(([name]) => name !== 'signal'));
    loads.push({ type, fields, text: JSON.stringify([type, kind, told]) });
  };
  return {
    ...source,
    loadByKeys(load) {
      note('loadByKeys', load.fields, load);
      return source.loadByKeys(load);
    },
    loadPage(load) {
      note('loadPage', load.fields, load);
      return source.loadPage(load);
    },
    count(rows, signal) {
      note('count', [], { rows });
      return source.count(rows, signal);
    },
    countByKeys(key, keys, rows, signal) {
      note('countByKeys', [], { key, keys, rows });
      return source.countByKeys(key, keys, rows, signal);
    },
    countBy(fields, rows, signal) {
      note('countBy', fields, { fields, rows });
      return source.countBy(fields, rows, signal);
    },
  };
}

/** Every load of an answer has a filter, a key or an order. */
function isLook(statement: string): boolean {
  return /^select [^()]* from \S+ limit \?$/.test(statement);
}

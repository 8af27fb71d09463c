import { getVariableValues, GraphQLError, OperationTypeNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { buildPlan } from '../access/plan-builder.ts';
import type { Variables } from '../access/include.ts';
import type { PlanSources } from '../access/selection-planner.ts';
import type { AccessPlan } from '../access/plan.ts';
import type { Config } from '../config/config.ts';
import { formatDateTime } from '../codes/date-time.ts';
import { codedError } from '../errors/coded-error.ts';
import { Deadline } from '../gate/deadline.ts';
import type { AccessReport } from '../gate/report.ts';
import { runRoots, type GateResult, type OpenRoot } from '../gate/roots.ts';
import { GateRun, type Caller, type GateServices } from '../gate/run.ts';
import type { Principal, Purpose } from '../identity/principal.ts';
import type { Intent } from '../ledger/entries/intent.ts';
import type { Disclosure } from '../ledger/disclosure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { LedgerUnavailableError } from '../ledger/writer/group-commit.ts';
import { createLackingLookup } from '../policy/lacking.ts';
import type { GateContext } from '../schema/embedded.ts';
import { callerOf, checkPurpose } from './caller.ts';
import { disclosureOf } from './disclosure-entry.ts';
import type { HubRequest } from './hub-request.ts';
import {
  accessExtension,
  executorErrors,
  noteErrors,
  rootErrors,
  variableError,
  type AnswerContext,
  type StaleRecords,
} from './answer.ts';
import { DocumentErrors, type Documents, type Prepared } from './documents.ts';
import { planCost } from './plan-cost.ts';

/** Walks the gated objects: any GraphQL executor will do. `coerced` are the variables as the operation declares them. */
export type Executor = (
  operation: Prepared,
  context: GateContext,
  variables: Readonly<Record<string, unknown>>,
  coerced: Variables,
) => Promise<ExecutionResult>;

export interface EngineParts {
  readonly config: Config;
  /** What plans are made from now: read once for each request, so that it ends with the policy that it began with. */
  readonly sources: () => PlanSources;
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly services: GateServices;
  readonly ledger: Ledger;
  readonly logger: Logger;
  readonly execute: Executor;
  /** The hub's own root fields; what they give or write is named in the report. `at` is epoch milliseconds. */
  readonly open: (request: HubRequest, caller: Caller, report: AccessReport, at: number) => OpenRoot;
  readonly now: () => number;
}

/** The answer, or the errors of a request that was refused before anything was executed. */
export type HubAnswer =
  | { readonly kind: 'result'; readonly result: ExecutionResult }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };

export interface Engine {
  answer(request: HubRequest): Promise<HubAnswer>;
  /** What would refuse the request before anything is asked of a source; nothing is given, so nothing is recorded. */
  refusalOf(request: HubRequest): readonly GraphQLError[];
  /** What a caller is told of this error; one of the hub's own goes into the log. */
  refused(error: unknown): readonly GraphQLError[];
}

/** A request that was let in: what it may be given is planned, nothing is fetched yet. */
interface Admitted {
  readonly prepared: Prepared;
  readonly caller: Caller;
  readonly plan: AccessPlan;
  readonly gate: GateRun;
  readonly deadline: Deadline;
  readonly sources: PlanSources;
  /** It asks for records. */
  readonly data: boolean;
  readonly startedAt: number;
}

function staleRecords({ report, services }: GateRun): readonly StaleRecords[] {
  return report.staleTypes.flatMap(([type, since]) => {
    const origin = services.registry.entity(type);
    if (origin === undefined) return [];
    return [{ type, agency: origin.agency, source: origin.source, staleSince: formatDateTime(since) }];
  });
}

/** The way of a request: admit, plan, gate, execute, record, respond. */
export function createEngine(parts: EngineParts): Engine {
  const plans = new LRUCache<string, AccessPlan>({ max: 2_000 });
  let running = 0;

  const lacking = createLackingLookup();
  const planOf = (
    prepared: Prepared,
    principal: Principal,
    purpose: Purpose | null,
    sources: PlanSources,
  ): AccessPlan => {
    const of = { agency: principal.agency, role: principal.role, purpose };
    const name = prepared.operation.name?.value ?? '';
    // None of these can hold a space.
    const key = `${prepared.hash} ${name} ${of.agency} ${of.role} ${of.purpose} ${sources.policy.version}`;
    const known = plans.get(key);
    if (known !== undefined) return known;
    const plan = buildPlan(prepared.document, prepared.operation, of, sources);
    plans.set(key, plan);
    return plan;
  };

  const admit = (request: HubRequest): Admitted => {
    const { config } = parts;
    const startedAt = parts.now();
    const mayIntrospect = config.introspectionRoles.includes(request.principal.role);
    const prepared = parts.documents.prepare(request.query, request.operationName, mayIntrospect);
    if (prepared.operation.operation === OperationTypeNode.SUBSCRIPTION)
      throw codedError('OPERATION_NOT_SUPPORTED', 'send subscriptions over a WebSocket to the same address');
    const caller = callerOf(request);
    const sources = parts.sources();
    const plan = planOf(prepared, request.principal, caller.purpose, sources);
    const data = plan.roots.some((r) => r.kind !== 'open');
    if (data) checkPurpose(caller, request);
    const changes = plan.operation.operation === OperationTypeNode.MUTATION;
    if (changes && !request.mayChange) throw codedError('OPERATION_NOT_SUPPORTED', 'send mutations by POST');
    if (plan.roots.length > config.limits.rootFields)
      throw limit('rootFields', config.limits.rootFields, 'root fields');
    const coerced = getVariableValues(parts.schema, prepared.operation.variableDefinitions ?? [], request.variables, {
      maxErrors: 5,
    });
    if (coerced.errors !== undefined) throw new DocumentErrors(coerced.errors.map(variableError));
    const deadline = new Deadline(config.limits.milliseconds, changes);
    const gate = new GateRun(parts.services, caller, coerced.coerced, deadline, startedAt);
    if (planCost(plan, gate) > config.limits.cost)
      throw limit('cost', config.limits.cost, 'records asked for; make the pages smaller');
    return { prepared, caller, plan, gate, deadline, sources, data, startedAt };
  };

  const run = async (request: HubRequest): Promise<HubAnswer> => {
    const admitted = admit(request);
    const intent = intentOf(request, admitted);
    const { ledger } = parts;
    const { data, plan } = admitted;
    if (!data && plan.operation.operation !== OperationTypeNode.MUTATION)
      return walk(request, admitted, async (made) => {
        // The hub's own store was read, without any source being asked.
        if (admitted.gate.report.records.length > 0) await (await ledger.intend(intent)).answered(made());
      });
    const recorded = await ledger.intend(intent);
    try {
      return await walk(request, admitted, (made) => recorded.answered(made()));
    } catch (error) {
      // Where the ledger is not to be written to, the intent alone stands and tells of it.
      if (!(error instanceof LedgerUnavailableError))
        recorded.refused(codeOf(error)).catch((fault: unknown) => tellLedgerFault(fault, parts.logger));
      throw error;
    }
  };

  /** Gates, executes, and answers once `record` has resolved. */
  const walk = async (
    request: HubRequest,
    { prepared, caller, plan, gate, deadline, sources, data, startedAt }: Admitted,
    record: (disclosures: () => Disclosure[]) => Promise<void>,
  ): Promise<HubAnswer> => {
    const execute = async (): Promise<{ gated: GateResult; executed: ExecutionResult }> => {
      const gated = await runRoots(plan, gate, parts.open(request, caller, gate.report, startedAt));
      return {
        gated,
        executed: await parts.execute(prepared, { gate: gated.rootValue }, request.variables, gate.variables),
      };
    };
    const { gated, executed } = await deadline.race(execute());
    const { notes } = gate.report;
    const about: AnswerContext = {
      policyVersion: plan.policyVersion,
      purpose: caller.purpose,
      agency: plan.of.agency,
      lacking: (coordinate) => lacking(coordinate, plan.of, sources),
    };
    const errors = [...rootErrors(gated.errors, about), ...noteErrors(notes, about), ...executorErrors(executed)];
    await record(() => disclosureOf(request, caller, prepared, plan, gate.report, startedAt, parts.now()));
    return {
      kind: 'result',
      result: {
        ...(errors.length === 0 ? {} : { errors }),
        data: executed.data ?? null,
        ...(prepared.introspects && !data ? {} : { extensions: accessExtension(notes, about, staleRecords(gate)) }),
      },
    };
  };

  return {
    async answer(request) {
      const { concurrent } = parts.config.limits;
      if (running >= concurrent)
        return {
          kind: 'refused',
          errors: [limit('concurrent', concurrent, 'operations at a time; try again shortly')],
        };
      running += 1;
      try {
        return await run(request);
      } catch (error) {
        return { kind: 'refused', errors: refusal(error, parts.logger) };
      } finally {
        running -= 1;
      }
    },
    refusalOf(request) {
      try {
        admit(request);
        return [];
      } catch (error) {
        return refusal(error, parts.logger);
      }
    },
    refused: (error) => refusal(error, parts.logger),
  };
}

function intentOf(request: HubRequest, { prepared, caller, plan }: Admitted): Intent {
  return {
    principal: request.principal,
    purpose: caller.purpose,
    reason: request.reason,
    documentHash: request.documentHash ?? prepared.hash,
    policyVersion: plan.policyVersion,
    operation: plan.operation.operation === OperationTypeNode.MUTATION ? 'mutation' : 'query',
    roots: [...new Set(plan.roots.map(({ call }) => call.definition.name))],
    ticketNo: caller.ticketNo,
  };
}

/** The code that the caller is told. */
function codeOf(error: unknown): string {
  const { code } = error instanceof GraphQLError ? error.extensions : {};
  return typeof code === 'string' ? code : 'INTERNAL';
}

function tellLedgerFault(error: unknown, logger: Logger): void {
  const { fault, code } = error instanceof LedgerUnavailableError ? error : { fault: 'UNKNOWN', code: null };
  logger.error({ fault, code }, 'the ledger cannot be written');
}

function refusal(error: unknown, logger: Logger): readonly GraphQLError[] {
  if (error instanceof DocumentErrors) return error.errors;
  if (error instanceof LedgerUnavailableError) {
    tellLedgerFault(error, logger);
    // What cannot be recorded is not disclosed.
    return [
      codedError('LEDGER_UNAVAILABLE', 'the disclosure cannot be recorded, so nothing is disclosed; try again later'),
    ];
  }
  if (error instanceof GraphQLError) return [error];
  // An inner error's message may quote values: the log gets its name and stack frames, the caller a code.
  const { name, stack } = error instanceof Error ? error : { name: 'unknown', stack: undefined };
  logger.error(
    {
      err: {
        name,
        frames: stack
          ?.split('\n')
          .filter((l) => l.trimStart().startsWith('at '))
          .slice(0, 12),
      },
    },
    'an operation failed inside the hub',
  );
  return [codedError('INTERNAL', 'the hub could not answer; the operators have been told')];
}

function limit(name: string, max: number, what: string): GraphQLError {
  return codedError('LIMIT_EXCEEDED', `at most ${max} ${what}`, { extensions: { limit: name, max } });
}

import { isDeepStrictEqual } from 'node:util';
import { buildPlan } from '../src/access/plan-builder.ts';
import type { EntitySource } from '../src/connector/connector.ts';
import type { Engine, HubAnswer } from '../src/hub/engine.ts';
import type { HubRequest } from '../src/hub/hub-request.ts';
import { droppingLedger } from '../test/kit/dropping-ledger.ts';
import { bar, median, type Bar } from './figures.ts';
import { cpuOfWays, type Rounds, type Way } from './cpu.ts';
import { openHubParts, type HubParts } from './hub-parts.ts';
import { operations, purpose, requestOf, type Operation } from './operations.ts';
import { ungated, type RootLoad } from './ungated.ts';
import { bareRequest, ungatedRequest, type Compared } from './ungated-request.ts';
import { variablesOf } from './variables.ts';

/** CPU microseconds per request: medians over the rounds. Ratios are medians of the rounds' own ratios. */
export interface GateFigures {
  readonly operation: string;
  readonly what: string;
  readonly requests: number;
  readonly statements: number;
  /** A whole request without a gate, and what of it is joins and executor alone. */
  readonly ungated: number;
  readonly bare: number;
  /** A whole request, and the same before it is written as JSON. */
  readonly gated: number;
  readonly answered: number;
  /** A whole request with the disclosure log, each entry on disk before the answer. */
  readonly recorded: number;
  /** (gated − ungated) ÷ ungated, and how far the rounds lie apart. */
  readonly overhead: number;
  readonly overheadFrom: number;
  readonly overheadTo: number;
  /** (answered − bare) ÷ bare: all that the hub does beside joins and executor counts as the gate's. */
  readonly overheadStrict: number;
  readonly overheadRecorded: number;
  /** (gated − written) ÷ written: over the ungated way with the hub's own writer in the executor's place. */
  readonly overheadWritten: number;
  readonly bar: Bar;
}

/** Compares the gated way with an ungated one, operation by operation, on the city in `dataDir`. */
export async function measureGate(dataDir: string, rounds: Rounds): Promise<GateFigures[]> {
  const statements: string[] = [];
  const watched = await openHubParts(dataDir, (agency, sql) => void statements.push(`${agency} ${sql}`));
  const parts = await openHubParts(dataDir);
  try {
    const figures: GateFigures[] = [];
    for (const operation of operations) {
      const compared = await compare(operation, watched, statements);
      const { bare, whole, written: wholeWritten } = ungatedWays(operation, parts);
      const at = (i: number): Compared => nth(compared.requests, i);
      const engines = { gated: parts.engine(droppingLedger), recorded: parts.engine(parts.ledger) };
      const ways: Way[] = [
        { name: 'ungated', run: (i) => whole(at(i)) },
        { name: 'written', run: (i) => wholeWritten(at(i)) },
        { name: 'gated', run: async (i) => written(await engines.gated.answer(at(i).request)) },
        { name: 'bare', run: (i) => bare(at(i)) },
        { name: 'answered', run: (i) => engines.gated.answer(at(i).request) },
        { name: 'recorded', run: async (i) => written(await engines.recorded.answer(at(i).request)) },
      ];
      figures.push(figuresOf(operation, compared, await cpuOfWays(ways, rounds)));
    }
    return figures;
  } finally {
    await watched.close();
    await parts.close();
  }
}

function figuresOf(
  { name, what }: Operation,
  compared: { readonly requests: readonly Compared[]; readonly statements: number },
  cpu: ReadonlyMap<string, readonly number[]>,
): GateFigures {
  const of = (way: string): readonly number[] => cpu.get(way) ?? [];
  const ratios = (way: string, to: string): number[] => of(way).map((n, i) => n / (of(to)[i] ?? NaN) - 1);
  const overheads = ratios('gated', 'ungated');
  const overhead = median(overheads);
  return {
    operation: name,
    what,
    requests: compared.requests.length,
    statements: compared.statements,
    ungated: median(of('ungated')),
    bare: median(of('bare')),
    gated: median(of('gated')),
    answered: median(of('answered')),
    recorded: median(of('recorded')),
    overhead,
    overheadFrom: Math.min(...overheads),
    overheadTo: Math.max(...overheads),
    overheadStrict: median(ratios('answered', 'bare')),
    overheadRecorded: median(ratios('recorded', 'ungated')),
    overheadWritten: median(ratios('gated', 'written')),
    bar: bar(`gate overhead of ${name}`, overhead, 0.1),
  };
}

/**
 * The operation's requests, after each was answered both ways with the same statements and the same bytes of data, and
 * with nothing masked, denied or unavailable. Throws where they differ: then there is nothing to compare.
 */
async function compare(
  operation: Operation,
  parts: HubParts,
  statements: string[],
): Promise<{ readonly requests: readonly Compared[]; readonly statements: number }> {
  const { bare, whole } = ungatedWays(operation, parts);
  const requests: Compared[] = [];
  let count = 0;
  for (const variables of await variablesOf(operation, parts)) {
    const request = requestOf(operation.query, variables);
    statements.length = 0;
    const { root, data } = await gatedOnce(request, parts);
    const gated = statements.splice(0).toSorted();
    const one: Compared = { request, root };
    const same = JSON.stringify((await bare(one)).data) === data;
    const sent = statements.splice(0).toSorted();
    if (!same || (await whole(one)) !== `{"data":${data}}`)
      throw new Error(`${operation.name}: the two ways answer differently for ${JSON.stringify(variables)}`);
    if (!isDeepStrictEqual(sent, gated) || !isDeepStrictEqual(statements.splice(0).toSorted(), gated))
      throw new Error(`${operation.name}: the two ways send different statements for ${JSON.stringify(variables)}`);
    requests.push(one);
    count += gated.length;
  }
  return { requests, statements: count / requests.length };
}

/** The ungated ways of an operation: its own joins, then the hub's executor. */
function ungatedWays(operation: Operation, parts: HubParts) {
  const { principal } = requestOf(operation.query, {});
  const prepared = parts.documents.prepare(operation.query, null, false);
  const of = { agency: principal.agency, role: principal.role, purpose };
  const plan = buildPlan(prepared.document, prepared.operation, of, parts.sources());
  const load = ungated(plan, principal, parts);
  return {
    bare: bareRequest(load, prepared, parts),
    whole: ungatedRequest(load, plan, principal, parts, parts.mercurius),
    written: ungatedRequest(load, plan, principal, parts, parts.execute),
  };
}

/** One gated answer, everything in it plain, and the load of its root, which is the first. */
async function gatedOnce(request: HubRequest, parts: HubParts): Promise<{ root: RootLoad; data: string }> {
  const roots: RootLoad[] = [];
  const engine: Engine = parts.engine(droppingLedger, (type) => noting(parts.source(type), roots));
  const answer = await engine.answer(request);
  if (answer.kind === 'refused') throw new Error(`refused: ${answer.errors[0]?.message}`);
  const { errors, data, extensions } = answer.result;
  const access = extensions?.['access'];
  const plain = { ...(typeof access === 'object' ? access : {}), masked: [], denied: [], unavailable: [] };
  if (errors !== undefined || !isDeepStrictEqual(access, plain))
    throw new Error(`not everything is plain: ${JSON.stringify({ errors, access })}`);
  const [root] = roots;
  if (root === undefined) throw new Error('no source was asked');
  return { root, data: JSON.stringify(data) };
}

/** The source; its loads are noted down. */
function noting(source: EntitySource, roots: RootLoad[]): EntitySource {
  const { signal } = new AbortController();
  return {
    ...source,
    loadPage(load) {
      roots.push({ kind: 'page', load: { ...load, signal } });
      return source.loadPage(load);
    },
    loadByKeys(load) {
      roots.push({ kind: 'keys', load: { ...load, signal } });
      return source.loadByKeys(load);
    },
  };
}

/** The answer as it is sent. */
function written(answer: HubAnswer): string {
  return JSON.stringify(answer.kind === 'result' ? answer.result : answer);
}

function nth<T>(of: readonly T[], i: number): T {
  const found = of[i % of.length];
  if (found === undefined) throw new RangeError('no requests');
  return found;
}

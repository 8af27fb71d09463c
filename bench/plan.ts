import { Kind, parse, specifiedRules, validate, visit, type DocumentNode } from 'graphql';
import { buildPlan } from '../src/access/plan-builder.ts';
import type { AccessClass } from '../src/access/policy.ts';
import type { PlanSources } from '../src/access/selection-planner.ts';
import { documentsOfSixty, fieldsOfADocument } from './documents-of-sixty.ts';
import { bar, median, percentile, type Bar } from './figures.ts';

/** Milliseconds of wall time. */
export interface Spread {
  readonly median: number;
  readonly p95: number;
}

export interface PlanFigures {
  readonly documents: number;
  readonly fields: number;
  /** The very first plan of the process: nothing is compiled yet. */
  readonly firstEver: number;
  readonly parse: Spread;
  readonly validate: Spread;
  /** Plans of documents that were never planned before. */
  readonly plan: Spread;
  readonly bar: Bar;
}

/** The classes take turns: what is denied, plain, masked and conditional differs between them. */
const classes: readonly AccessClass[] = [
  { agency: 'hotline', role: 'OPERATOR', purpose: 'HANDLING' },
  { agency: 'police', role: 'SYSTEM', purpose: 'HANDLING' },
  { agency: 'grid', role: 'GRID_WORKER', purpose: 'HANDLING' },
  { agency: 'market', role: 'HANDLER', purpose: 'FOLLOW_UP' },
  { agency: 'housing', role: 'SYSTEM', purpose: 'EMERGENCY' },
  { agency: 'audit', role: 'AUDITOR', purpose: 'AUDIT' },
];

/**
 * Cold planning: every document is planned once and for one class, in one process, after the modules are loaded. Only
 * the code grows warm, as it does in a hub that runs.
 */
export function measurePlans(sources: PlanSources, documents = 600): PlanFigures {
  const times = { parse: [] as number[], validate: [] as number[], plan: [] as number[] };
  documentsOfSixty(sources.schema, documents).forEach((text, i) => {
    const of = classes[i % classes.length];
    if (of === undefined) throw new RangeError('no class');
    const document = timed(times.parse, () => parse(text));
    const errors = timed(times.validate, () => validate(sources.schema, document, specifiedRules));
    if (errors.length > 0) throw new TypeError(`document ${i} is not valid: ${errors[0]?.message}`);
    if (fieldsIn(document) !== fieldsOfADocument) throw new TypeError(`document ${i} has ${fieldsIn(document)} fields`);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError(`document ${i} is no operation`);
    const plan = timed(times.plan, () => buildPlan(document, operation, of, sources));
    if (plan.roots.length !== 1) throw new TypeError(`document ${i} has no plan`);
  });
  const plan = spread(times.plan);
  return {
    documents,
    fields: fieldsOfADocument,
    firstEver: times.plan[0] ?? 0,
    parse: spread(times.parse),
    validate: spread(times.validate),
    plan,
    bar: bar('cold plan of 60 fields, median in ms', plan.median, 1),
  };
}

function timed<T>(times: number[], work: () => T): T {
  const from = performance.now();
  const result = work();
  times.push(performance.now() - from);
  return result;
}

function spread(times: readonly number[]): Spread {
  return { median: median(times), p95: percentile(times, 0.95) };
}

function fieldsIn(document: DocumentNode): number {
  let fields = 0;
  visit(document, { Field: () => void (fields += 1) });
  return fields;
}

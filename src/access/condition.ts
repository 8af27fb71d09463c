import { all, any, always, filterFields, never, not, truth, type Filter } from '../connector/filter.ts';
import type { SourceRecord } from '../connector/connector.ts';
import { predicates, type ConditionCaller, type PredicateName } from './predicates.ts';

/** A condition of a policy: named predicates under `all`, `any` and `not`. It can be analysed and printed. */
export type Condition =
  | { readonly kind: 'predicate'; readonly name: PredicateName; readonly args: unknown }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition };

/** What a condition is judged on. */
export interface Case {
  readonly record: SourceRecord;
  /** The ticket that led to the record; null where none did. */
  readonly ticket: SourceRecord | null;
  /** Whether every match on the way was an exact one. */
  readonly exact: boolean;
}

/** A condition with the caller's own values in it. */
export type Bound =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Bound[] }
  | { readonly kind: 'not'; readonly of: Bound }
  | {
      readonly kind: 'test';
      readonly on: 'record' | 'ticket';
      readonly filter: Filter;
      readonly reads: Iterable<string>;
    }
  | { readonly kind: 'exact' };

/** Puts the caller and the time into a condition on records of `type`. About a ticket itself, "the ticket" is the record. */
export function bind(condition: Condition, type: string, principal: ConditionCaller, now: number): Bound {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return { kind: condition.kind, of: condition.of.map((c) => bind(c, type, principal, now)) };
    case 'not':
      return { kind: 'not', of: bind(condition.of, type, principal, now) };
    case 'predicate': {
      const predicate = predicates[condition.name];
      if (predicate.about === 'match') return { kind: 'exact' };
      const on = predicate.about === 'ticket' && type !== 'Ticket' ? 'ticket' : 'record';
      const filter =
        'filterAt' in predicate
          ? predicate.filterAt(condition.args, principal, now)
          : predicate.filter(condition.args, principal);
      return { kind: 'test', on, filter, reads: [...filterFields(filter)] };
    }
  }
}

/** Whether what the condition says of a caller changes with the clock. */
export function dependsOnTime(condition: Condition): boolean {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.some(dependsOnTime);
    case 'not':
      return dependsOnTime(condition.of);
    case 'predicate':
      return 'filterAt' in predicates[condition.name];
  }
}

/**
 * Judges a bound condition. What cannot be known (no ticket led here, the value is unreadable or was not read) does not
 * hold, and neither does its negation: doubt closes.
 */
export function holds(bound: Bound, one: Case): boolean {
  return judge(bound, one) === true;
}

/** Three-valued (Kleene): undefined is unknown, so that `not` cannot turn it into a yes. */
function judge(bound: Bound, one: Case): boolean | undefined {
  switch (bound.kind) {
    case 'all':
    case 'any': {
      const decisive = bound.kind === 'any';
      let so: boolean | undefined = !decisive;
      for (const b of bound.of) {
        const v = judge(b, one);
        if (v === decisive) return decisive;
        if (v === undefined) so = undefined;
      }
      return so;
    }
    case 'not': {
      const v = judge(bound.of, one);
      return v === undefined ? undefined : !v;
    }
    case 'exact':
      return one.exact;
    case 'test': {
      const subject = bound.on === 'record' ? one.record : one.ticket;
      if (subject === null) return undefined;
      for (const field of bound.reads) if (subject[field] === undefined) return undefined;
      return truth(bound.filter, subject);
    }
  }
}

/**
 * The filter to push into the source: true for every record that could satisfy the condition. Exact where the condition
 * speaks of the record alone; what it says of ticket or match is left to the gate.
 */
export function toFilter(bound: Bound): Filter {
  return widen(bound, false);
}

function widen(bound: Bound, negated: boolean): Filter {
  switch (bound.kind) {
    case 'all':
    case 'any': {
      const parts = bound.of.map((b) => widen(b, negated));
      return (bound.kind === 'all') !== negated ? all(parts) : any(parts);
    }
    case 'not':
      return widen(bound.of, !negated);
    case 'exact':
      return always;
    case 'test':
      if (bound.on === 'ticket') return always;
      return negated ? not(bound.filter) : bound.filter;
  }
}

/** What led to records that are still to be loaded. */
export type Way = Pick<Case, 'ticket' | 'exact'>;

/**
 * The filter for records at the end of this way. What the condition says of ticket and match is decided already, so that
 * the source applies the rest exactly: nothing that the gate would take out again is counted, or crowds out others.
 */
export function filterAlong(bound: Bound, way: Way): Filter {
  return narrow(bound, false, way);
}

/**
 * What the condition says of the way alone: each part gives one character for a way, and ways of the same characters have
 * the same filter.
 */
export function partsOfWay(bound: Bound): readonly ((way: Way) => string)[] {
  switch (bound.kind) {
    case 'all':
    case 'any':
      return bound.of.flatMap(partsOfWay);
    case 'not':
      return partsOfWay(bound.of);
    case 'exact':
      return [({ exact }) => (exact ? 'y' : 'n')];
    case 'test':
      return bound.on === 'record' ? [] : [(way) => character(judge(bound, { record: {}, ...way }))];
  }
}

function character(truth: boolean | undefined): string {
  return truth === undefined ? '?' : truth ? 'y' : 'n';
}

function narrow(bound: Bound, negated: boolean, way: Way): Filter {
  switch (bound.kind) {
    case 'all':
    case 'any': {
      const parts = bound.of.map((b) => narrow(b, negated, way));
      return (bound.kind === 'all') !== negated ? all(parts) : any(parts);
    }
    case 'not':
      return narrow(bound.of, !negated, way);
    case 'exact':
      return way.exact === negated ? never : always;
    case 'test': {
      if (bound.on === 'record') return negated ? not(bound.filter) : bound.filter;
      const truth = judge(bound, { record: {}, ...way });
      // What cannot be known does not hold, and neither does its negation.
      return truth === undefined || truth === negated ? never : always;
    }
  }
}

/** The fields that the condition reads, of the record (of `type`) and of the ticket that leads to it. */
export function conditionReads(
  condition: Condition,
  type: string,
): { record: ReadonlySet<string>; ticket: ReadonlySet<string> } {
  const record = new Set<string>();
  const ticket = new Set<string>();
  const visit = (c: Condition): void => {
    if (c.kind === 'predicate') {
      const predicate = predicates[c.name];
      if (predicate.about === 'match') return;
      const target = predicate.about === 'ticket' && type !== 'Ticket' ? ticket : record;
      for (const field of predicate.reads(c.args)) target.add(field);
    } else if (c.kind === 'not') visit(c.of);
    else c.of.forEach(visit);
  };
  visit(condition);
  return { record, ticket };
}

/**
 * The condition in the policy's own words: `handlesTicket`, `withinDays(days: 30)`, `not(…)`. Parts that say nothing are left
 * out, so that two spellings of one condition read alike.
 */
export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'all': {
      const parts = condition.of.map(printCondition).filter((part) => part !== 'always');
      return parts.includes('never') ? 'never' : parts.length === 0 ? 'always' : parts.join(' & ');
    }
    case 'any': {
      const parts = condition.of.map(printCondition).filter((part) => part !== 'never');
      return parts.includes('always') ? 'always' : parts.length === 0 ? 'never' : `any(${parts.join(' | ')})`;
    }
    case 'not': {
      const part = printCondition(condition.of);
      return part === 'always' ? 'never' : part === 'never' ? 'always' : `not(${part})`;
    }
    case 'predicate':
      return condition.args === undefined ? condition.name : `${condition.name}(${JSON.stringify(condition.args)})`;
  }
}

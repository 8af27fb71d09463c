import { bind, holds, type Bound, type Case, type Condition } from '../access/condition.ts';
import type { Variables } from '../access/include.ts';
import type { Decision } from '../access/plan.ts';
import type { MaskName } from '../access/mask-name.ts';
import type { EntitySource, SourceRecord } from '../connector/connector.ts';
import type { Registry } from '../connector/registry.ts';
import type { Principal, Purpose } from '../identity/principal.ts';
import type { CursorSeal } from './cursor.ts';
import type { Deadline } from './deadline.ts';
import type { Disputes } from './disputes.ts';
import { AccessReport, type GivenVerdict } from './report.ts';

/** What the gate needs of the hub, the same for every request. */
export interface GateServices {
  readonly registry: Registry;
  /** The source of a record type; undefined for a type that no connector loads. */
  source(type: string): EntitySource | undefined;
  readonly joinSecret: Buffer;
  readonly pseudonymSecret: Buffer;
  readonly cursors: CursorSeal;
  readonly statistics: StatisticsSettings;
  readonly disputes: Disputes;
}

/** What is shown of counts. */
export interface StatisticsSettings {
  /** Records that a count must have to be shown. */
  readonly smallestCell: number;
  /** Days after its end from which a month can be asked for. */
  readonly settlingDays: number;
}

/** Who asks, and for what. */
export interface Caller {
  readonly principal: Principal;
  /** `Lianqiao-Purpose` */
  readonly purpose: Purpose | null;
  /** `Lianqiao-Ticket` */
  readonly ticketNo: string | null;
}

/** A record on its way through the gate. */
export interface Item extends Case {
  readonly type: string;
  readonly record: SourceRecord;
}

export type Verdict = GivenVerdict | { readonly status: 'DENIED' };

const denied: Verdict = { status: 'DENIED' };

/** One request's passage through the gate. */
export class GateRun {
  readonly services: GateServices;
  readonly caller: Caller;
  readonly variables: Variables;
  readonly deadline: Deadline;
  readonly report = new AccessReport();
  readonly #now: number;
  readonly #bound = new Map<Condition, Map<string, Bound>>();
  readonly #judges = new Map<Decision, (item: Case) => Verdict>();

  constructor(services: GateServices, caller: Caller, variables: Variables, deadline: Deadline, now: number) {
    this.services = services;
    this.caller = caller;
    this.variables = variables;
    this.deadline = deadline;
    this.#now = now;
  }

  /** When the request began, epoch milliseconds. */
  get now(): number {
    return this.#now;
  }

  get signal(): AbortSignal {
    return this.deadline.signal;
  }

  /** The source of a record type, with the clock read around each load. */
  source(type: string): EntitySource | undefined {
    const source = this.services.source(type);
    if (source === undefined) return undefined;
    const timed = async <T>(load: () => Promise<T>): Promise<T> => {
      this.deadline.throwIfPassed();
      const result = await load();
      this.deadline.throwIfPassed();
      return result;
    };
    return {
      loadByKeys: (load) => timed(() => source.loadByKeys(load)),
      loadPage: (load) => timed(() => source.loadPage(load)),
      count: (rows, signal) => timed(() => source.count(rows, signal)),
      countByKeys: (key, keys, rows, signal) => timed(() => source.countByKeys(key, keys, rows, signal)),
      countBy: (fields, rows, signal) => timed(() => source.countBy(fields, rows, signal)),
      canCountBy: (field) => source.canCountBy(field),
      canFilter: (rows) => source.canFilter(rows),
    };
  }

  /** The condition with this caller's values in it. */
  bound(condition: Condition, type: string): Bound {
    const of = this.#bound.get(condition) ?? new Map<string, Bound>();
    const known = of.get(type);
    if (known !== undefined) return known;
    const bound = bind(condition, type, this.caller.principal, this.#now);
    this.#bound.set(condition, of.set(type, bound));
    return bound;
  }

  /** The verdict of one decision on one record of `type`. */
  judge(decision: Decision, type: string): (item: Case) => Verdict {
    const known = this.#judges.get(decision);
    if (known !== undefined) return known;
    const judge = this.#makeJudge(decision, type);
    this.#judges.set(decision, judge);
    return judge;
  }

  #makeJudge(decision: Decision, type: string): (item: Case) => Verdict {
    switch (decision.kind) {
      case 'deny':
        return () => denied;
      case 'give': {
        const verdict = given(decision.outcome, decision.rule);
        return () => verdict;
      }
      case 'depends': {
        const guards = decision.guards.map((g) => this.bound(g, type));
        const rules = decision.rules.map((r) => ({ when: this.bound(r.when, type), verdict: given(r.outcome, r.id) }));
        return (item) => {
          if (!guards.every((g) => holds(g, item))) return denied;
          return rules.find((r) => holds(r.when, item))?.verdict ?? denied;
        };
      }
    }
  }
}

function given(
  outcome: { readonly kind: 'plain' } | { readonly kind: 'mask'; readonly mask: MaskName } | { readonly kind: 'deny' },
  rule: string,
): Verdict {
  switch (outcome.kind) {
    case 'plain':
      return { status: 'ALLOWED', rule };
    case 'mask':
      return { status: 'MASKED', mask: outcome.mask, rule };
    case 'deny':
      return denied;
  }
}

import { getArgumentValues } from 'graphql';
import type { Bound, Case, Condition } from '../access/condition.ts';
import type { Variables } from '../access/include.ts';
import type { Decision, FieldCall } from '../access/plan.ts';
import type { EntitySource, SourceRecord, TimeSettings } from '../connector/connector.ts';
import type { Registry } from '../connector/registry.ts';
import type { Circumstances } from '../connector/source.ts';
import type { Principal, Purpose } from '../identity/principal.ts';
import { Bindings } from './bindings.ts';
import type { CursorSeal } from './cursor.ts';
import type { Deadline } from './deadline.ts';
import type { Disputes } from './disputes.ts';
import { judgeDecision } from './judge-decision.ts';
import { LongTexts } from './long-texts.ts';
import { AccessReport } from './report.ts';
import { TimedSource } from './timed-source.ts';
import type { Verdict } from './verdict.ts';

/** What the gate needs of the hub, the same for every request. */
export interface GateServices {
  readonly registry: Registry;
  /** The source of a record type; undefined for a type that no connector loads. */
  source(type: string): EntitySource | undefined;
  readonly joinSecret: Buffer;
  readonly pseudonymSecret: Buffer;
  readonly cursors: CursorSeal;
  readonly statistics: StatisticsSettings;
  readonly times: TimeSettings;
  readonly disputes: Disputes;
  readonly circumstances: Circumstances;
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
  /** The row rule that it was found to satisfy already; null where none was judged. */
  readonly judged: Bound | null;
}

/** One request's passage through the gate. */
export class GateRun {
  readonly services: GateServices;
  readonly caller: Caller;
  readonly variables: Variables;
  readonly deadline: Deadline;
  readonly report = new AccessReport();
  readonly texts: LongTexts;
  /** When the request began, epoch milliseconds. */
  readonly now: number;
  readonly #bindings: Bindings;
  readonly #arguments = new Map<FieldCall, Readonly<Record<string, unknown>>>();

  constructor(services: GateServices, caller: Caller, variables: Variables, deadline: Deadline, now: number) {
    this.services = services;
    this.caller = caller;
    this.variables = variables;
    this.deadline = deadline;
    this.texts = new LongTexts(deadline);
    this.now = now;
    this.#bindings = new Bindings(caller.principal, now);
  }

  /** The field's arguments for these variables. */
  argumentsOf(call: FieldCall): Readonly<Record<string, unknown>> {
    const known = this.#arguments.get(call);
    if (known !== undefined) return known;
    const values = getArgumentValues(call.definition, call.node, this.variables);
    this.#arguments.set(call, values);
    return values;
  }

  get signal(): AbortSignal {
    return this.deadline.signal;
  }

  /** The source of a record type, with the clock read around each load; what comes stale is reported. */
  source(type: string): EntitySource | undefined {
    const source = this.services.source(type);
    if (source === undefined) return undefined;
    return new TimedSource(source, this.deadline, (since) => this.report.stale(type, since));
  }

  /** The condition with this caller's values in it. */
  bound(condition: Condition, type: string): Bound {
    return this.#bindings.bound(condition, type);
  }

  /** The verdict of one decision on one record of `type`. */
  judge(decision: Decision, type: string): (item: Case) => Verdict {
    return judgeDecision(decision, (condition) => this.bound(condition, type));
  }
}

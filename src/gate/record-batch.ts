import { holds, type Bound } from '../access/condition.ts';
import type { GateObject } from './gate-object.ts';
import { objectGate, type Judge, type ObjectGate } from './object-gate.ts';
import type { ObjectPlan } from '../access/plan.ts';
import type { GateRun, Item } from './run.ts';
import { underReport } from './under-report.ts';
import { denied, type Verdict } from './verdict.ts';

/** Records of one selection that pass the gate together: each condition and judge speaks once of each of them. */
export class RecordBatch {
  readonly gate: ObjectGate;
  readonly items: readonly Item[];
  /** Which of the records are reports, or were led to by one; null where none is. */
  readonly under: readonly boolean[] | null;
  readonly #run: GateRun;
  readonly #held: (readonly boolean[] | undefined)[] = [];
  readonly #verdicts: (readonly Verdict[] | undefined)[] = [];

  constructor(plan: ObjectPlan, items: readonly Item[], run: GateRun) {
    this.gate = objectGate(plan);
    this.items = items;
    this.under = underReport(plan.type, items, run);
    this.#run = run;
  }

  /**
   * An object for each record that the caller may know of, null for the others: judged here although the source was asked
   * to apply the row rules.
   */
  blanks(): (GateObject | null)[] {
    const { rows, blank } = this.gate;
    if (rows === 'none') return this.items.map(() => null);
    if (rows === 'all') return this.items.map(blank);
    const rule = this.#bound(rows);
    if (rule === null) return this.items.map(() => null);
    return this.items.map((item) => (item.judged === rule || holds(rule, item) ? blank() : null));
  }

  /** One of the gate's judges: its one verdict, or its verdicts aligned with the items. */
  verdicts(judge: number): Verdict | readonly Verdict[] {
    const by = this.gate.judges[judge];
    if (by === undefined) return denied;
    if (by.kind === 'always') return by.verdict;
    const known = this.#verdicts[judge];
    if (known !== undefined) return known;
    const verdicts = this.#judged(by);
    this.#verdicts[judge] = verdicts;
    return verdicts;
  }

  #judged(by: Extract<Judge, { kind: 'depends' }>): readonly Verdict[] {
    const guards = by.guards.map((g) => this.#holding(g));
    const rules = by.rules.map((r) => ({ held: this.#holding(r.when), verdict: r.verdict }));
    return this.items.map((_, i) => {
      for (const guard of guards) if (guard[i] !== true) return denied;
      for (const rule of rules) if (rule.held[i] === true) return rule.verdict;
      return denied;
    });
  }

  /** Which of the records a condition holds for. */
  #holding(position: number): readonly boolean[] {
    const known = this.#held[position];
    if (known !== undefined) return known;
    const bound = this.#bound(position);
    const held = this.items.map((item) => bound !== null && holds(bound, item));
    this.#held[position] = held;
    return held;
  }

  #bound(position: number): Bound | null {
    const condition = this.gate.conditions[position];
    return condition === undefined ? null : this.#run.bound(condition, this.gate.plan.type);
  }
}

import type { Condition } from '../access/condition.ts';
import type { SchemaFacts } from '../access/facts.ts';
import { conditionKey } from './condition-key.ts';
import { caseSpace } from './case-space.ts';
import { TooLarge } from './decision-diagram.ts';

/** A decision as a list of lines: where all guards hold, the first line whose condition holds says what is given. */
export interface Chain {
  readonly guards: readonly Condition[];
  readonly lines: readonly ChainLine[];
}

export interface ChainLine {
  readonly when: Condition;
  /** What is given; null: nothing. */
  readonly gives: string | null;
  /** Its legal basis; null where that is no matter. */
  readonly law: string | null;
}

/**
 * How one decision differs from another over everything that they can be judged on. `given`: `same` everywhere; `gains`,
 * `loses`: nothing is ever given before, or after; `otherwise`: on the same records, and not the same; `elsewhere`: on others. `law`: whether something is given before and after on another legal basis. Null: too large to be decided.
 */
export type Difference = {
  readonly given: 'same' | 'gains' | 'loses' | 'otherwise' | 'elsewhere';
  readonly law: boolean;
} | null;

/** Compares decisions on records of a type for callers of an agency; each question is worked out once. */
export type CompareDecisions = (before: Chain, after: Chain, type: string, agency: string) => Difference;

export function createComparison(facts: SchemaFacts): CompareDecisions {
  const known = new Map<string, Difference>();
  return (before, after, type, agency) => {
    const [was, is] = [keyOf(before), keyOf(after)];
    if (was === is) return same;
    const key = `${type} ${agency}\n${was}\n${is}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const difference = compared(before, after, type, agency, facts);
    known.set(key, difference);
    return difference;
  };
}

const same: Difference = { given: 'same', law: false };

function keyOf({ guards, lines }: Chain): string {
  return [
    guards.map(conditionKey).join(' '),
    ...lines.map(({ when, gives, law }) => `${gives ?? '-'} ${law ?? '-'} ${conditionKey(when)}`),
  ].join('\n');
}

function compared(before: Chain, after: Chain, type: string, agency: string, facts: SchemaFacts): Difference {
  const conditions = [before, after].flatMap((chain) => [...chain.guards, ...chain.lines.map((l) => l.when)]);
  try {
    const space = caseSpace(conditions, type, agency, facts);
    const { diagrams } = space;
    const nothing = diagrams.terminal(JSON.stringify([null, null]));
    const [was, is] = [before, after].map(({ guards, lines }) =>
      diagrams.choose(
        diagrams.all(guards.map((guard) => space.holds(guard))),
        lines.reduceRight(
          (rest, { when, gives, law }) =>
            diagrams.choose(
              space.holds(when),
              // The legal basis of a denial is no matter: what no line gives is denied as well.
              gives === null ? nothing : diagrams.terminal(JSON.stringify([gives, law])),
              rest,
            ),
          nothing,
        ),
        nothing,
      ),
    );
    return was === undefined || is === undefined ? null : differenceOf(diagrams.pairs(was, is));
  } catch (error) {
    if (error instanceof TooLarge) return null;
    throw error;
  }
}

/** `pairs`: what is given before and after in one case, each as JSON of gift and law. */
function differenceOf(pairs: readonly (readonly [string, string])[]): Difference {
  const cases = pairs.map(([was, is]) => {
    const [[before, lawBefore], [after, lawAfter]] = [JSON.parse(was), JSON.parse(is)] as [
      [string | null, string | null],
      [string | null, string | null],
    ];
    return { before, after, law: before !== null && after !== null && lawBefore !== lawAfter };
  });
  const law = cases.some((c) => c.law);
  if (cases.every((c) => c.before === c.after)) return { given: 'same', law };
  if (cases.every((c) => c.before === null)) return { given: 'gains', law };
  if (cases.every((c) => c.after === null)) return { given: 'loses', law };
  const onSameRecords = cases.every((c) => (c.before === null) === (c.after === null));
  return { given: onSameRecords ? 'otherwise' : 'elsewhere', law };
}

import { printCondition, type Condition } from '../access/condition.ts';
import type { SchemaFacts } from '../access/facts.ts';
import { conditionKey } from './condition-key.ts';
import { caseSpace } from './case-space.ts';
import { TooLarge } from './decision-diagram.ts';

/** What becomes of the lines of one list, over all that their conditions can be judged on. */
export interface Reached {
  readonly lines: readonly ReachedLine[];
  /** Whether some line holds in every case. */
  readonly closed: boolean;
}

export interface ReachedLine {
  /** Whether it holds in any case at all. */
  readonly possible: boolean;
  /** Whether it holds in some case in which no earlier line does. */
  readonly first: boolean;
  /** Whether it holds in some case in which no other line does that is not taken out as needless itself, the last first. */
  readonly needed: boolean;
  /** The first earlier line that holds in the very same cases, by its place; null: none, or it holds never. */
  readonly sameAs: number | null;
  readonly always: boolean;
}

/** Looks at the conditions of lines in their order, for callers of an agency; each question is worked out once. */
export type ReachedLines = (whens: readonly Condition[], type: string, agency: string) => Reached;

export function createReachedLines(facts: SchemaFacts): ReachedLines {
  const known = new Map<string, Reached>();
  return (whens, type, agency) => {
    const key = [type, agency, ...whens.map(conditionKey)].join('\n');
    const found = known.get(key);
    if (found !== undefined) return found;
    const reached = inEveryCase(whens, type, agency, facts);
    known.set(key, reached);
    return reached;
  };
}

function inEveryCase(whens: readonly Condition[], type: string, agency: string, facts: SchemaFacts): Reached {
  try {
    const space = caseSpace(whens, type, agency, facts);
    const { diagrams } = space;
    const holds = whens.map((when) => space.holds(when));
    const needless = new Set<number>();
    for (let i = holds.length - 1; i >= 0; i -= 1) {
      const others = holds.filter((_, j) => j !== i && !needless.has(j));
      if (diagrams.implies(holds[i] ?? diagrams.no, diagrams.any(others))) needless.add(i);
    }
    return {
      lines: holds.map((node, i): ReachedLine => {
        const same = holds.indexOf(node);
        return {
          possible: node !== diagrams.no,
          first: !diagrams.implies(node, diagrams.any(holds.slice(0, i))),
          needed: !needless.has(i),
          sameAs: node === diagrams.no || same === i ? null : same,
          always: node === diagrams.yes,
        };
      }),
      closed: diagrams.any(holds) === diagrams.yes,
    };
  } catch (error) {
    if (error instanceof TooLarge) return byWords(whens);
    throw error;
  }
}

/** Of more cases than can be looked at only equal words are told: what is found is so, and something may be left unfound. */
function byWords(whens: readonly Condition[]): Reached {
  const words = whens.map(printCondition);
  const end = words.indexOf('always');
  return {
    lines: words.map((text, i): ReachedLine => {
      const same = words.indexOf(text);
      return {
        possible: text !== 'never',
        first: same === i && text !== 'never' && (end < 0 || i <= end),
        needed: same === i && text !== 'never' && (end < 0 || i === end),
        sameAs: same === i || text === 'never' ? null : same,
        always: text === 'always',
      };
    }),
    closed: end >= 0,
  };
}

import { bind, type Bound, type Condition } from '../access/condition.ts';
import type { SchemaFacts } from '../access/facts.ts';
import { truth, type Filter } from '../connector/filter.ts';
import { UNREADABLE } from '../connector/mapping.ts';
import { besides, callerWorlds, subsets, testedColumns, valuesOf, type TestedColumn } from './caller-worlds.ts';
import { Diagrams, TooLarge, type Node } from './decision-diagram.ts';

/** A column with its values sorted by what the comparisons say of them. */
interface SortedColumn {
  readonly variable: number;
  /** For each comparison, for each sort of values, what it says. */
  readonly says: ReadonlyMap<string, readonly (boolean | undefined)[]>;
}

/** Nodes of a diagram: some tens of milliseconds. What needs more is not decided. */
const maxNodes = 40_000;
const maxValues = 4_096;

/**
 * All that conditions on records of one type can be judged on, for callers of one agency: caller, time, match, ticket and
 * record, told apart as far as any of the conditions does. Conditions are bound and compared by the code that the gate uses.
 */
export interface CaseSpace {
  readonly diagrams: Diagrams;
  /** Where the condition holds; it must be one of those that the space was made for. */
  holds(condition: Condition): Node;
}

/** Throws `TooLarge`. */
export function caseSpace(
  conditions: readonly Condition[],
  type: string,
  agency: string,
  facts: SchemaFacts,
): CaseSpace {
  const worlds = callerWorlds(conditions, type, agency);
  const bound = worlds.map(({ caller, now }) => conditions.map((condition) => bind(condition, type, caller, now)));
  const diagrams = new Diagrams(maxNodes);
  // Variables: the world, whether the match is exact, whether a ticket led here; then the columns.
  const [world, exact, ticket] = [0, 1, 2];
  const columns = new Map(
    testedColumns(bound.flat()).map((column, i): [string, SortedColumn] => [
      `${column.on} ${column.field}`,
      sorted(column, i + 3, column.on === 'ticket' ? 'Ticket' : type, facts),
    ]),
  );
  const yes = (is: boolean): Node => (is ? diagrams.yes : diagrams.no);

  const onColumn = (filter: Filter, on: 'record' | 'ticket', wanted: boolean): Node => {
    switch (filter.kind) {
      case 'always':
        return yes(wanted);
      case 'never':
        return yes(!wanted);
      case 'all':
      case 'any': {
        const parts = filter.of.map((part) => onColumn(part, on, wanted));
        return (filter.kind === 'all') === wanted ? diagrams.all(parts) : diagrams.any(parts);
      }
      case 'not':
        return onColumn(filter.of, on, !wanted);
      case 'in':
      case 'prefix':
      case 'contains':
      case 'range': {
        const column = columns.get(`${on} ${filter.field}`);
        const says = column?.says.get(JSON.stringify(filter));
        if (column === undefined || says === undefined) throw new TypeError('a comparison of another space');
        return diagrams.branch(
          column.variable,
          says.map((so) => yes(so === wanted)),
        );
      }
    }
  };
  /** Where the condition is surely what is wanted: what is unknown is neither. */
  const surely = (of: Bound, wanted: boolean): Node => {
    switch (of.kind) {
      case 'all':
      case 'any': {
        const parts = of.of.map((part) => surely(part, wanted));
        return (of.kind === 'all') === wanted ? diagrams.all(parts) : diagrams.any(parts);
      }
      case 'not':
        return surely(of.of, !wanted);
      case 'exact':
        return diagrams.branch(exact, [yes(wanted), yes(!wanted)]);
      case 'test': {
        const so = onColumn(of.filter, of.on, wanted);
        return of.on === 'record' ? so : diagrams.all([diagrams.branch(ticket, [diagrams.yes, diagrams.no]), so]);
      }
    }
  };
  const holding = new Map<Condition, Node>();
  return {
    diagrams,
    holds(condition) {
      const known = holding.get(condition);
      if (known !== undefined) return known;
      const place = conditions.indexOf(condition);
      const node = diagrams.branch(
        world,
        bound.map((of) => {
          const one = of[place];
          if (one === undefined) throw new TypeError('a condition of another space');
          return surely(one, true);
        }),
      );
      holding.set(condition, node);
      return node;
    },
  };
}

/** Sorts every value that the column can have. */
function sorted(column: TestedColumn, variable: number, type: string, facts: SchemaFacts): SortedColumn {
  const sorts = new Map<string, (boolean | undefined)[]>();
  for (const value of possibleValues(column, type, facts)) {
    const said = column.tests.map((test) => truth(test, { [column.field]: value }));
    sorts.set(said.map(String).join(), said);
  }
  const vectors = [...sorts.values()];
  return {
    variable,
    says: new Map(column.tests.map((test, i) => [JSON.stringify(test), vectors.map((said) => said[i])])),
  };
}

/** A value of each sort at least: those that are compared with, those beside them, and those that no comparison names. */
function possibleValues({ field, tests }: TestedColumn, type: string, facts: SchemaFacts): unknown[] {
  const known = facts.fields.get(`${type}.${field}`);
  const named = [...new Set(tests.flatMap(valuesOf))];
  const none = [null, UNREADABLE];
  if (known?.list === true) return [...none, ...subsets(named)];
  const ofEnum = known === undefined ? undefined : facts.enums.get(known.of);
  if (ofEnum !== undefined) return [...none, ...ofEnum];
  if (known?.of === 'Boolean') return [...none, true, false];
  if (known?.of === 'Int' || known?.of === 'Float') {
    const numbers = named.filter((v) => typeof v === 'number');
    return [...none, ...numbers, Math.max(0, ...numbers) + 1];
  }
  const bounds = tests
    .flatMap((t) => (t.kind === 'range' ? [t.from, t.before] : []))
    .filter((b) => b !== undefined)
    .map((b) => (known?.of === 'Date' ? b.slice(0, 10) : b));
  const starts = tests.flatMap((t) => (t.kind === 'prefix' ? t.prefixes : []));
  const texts = [...named, ...bounds].filter((v) => typeof v === 'string');
  const values = [
    ...none,
    // A field that the schema does not know may hold a list or anything that is compared with it.
    ...(known === undefined
      ? [...named, ...subsets(tests.flatMap((t) => (t.kind === 'contains' ? t.values : [])))]
      : []),
    ...texts,
    ...(bounds.length === 0 ? [] : texts.flatMap(besides)),
    ...starts.map((start) => `${start}\u0000`),
    '\u0000other',
  ];
  if (values.length > maxValues) throw new TooLarge();
  return values;
}

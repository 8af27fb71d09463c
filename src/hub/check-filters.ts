import { bind, toFilter, type Condition } from '../access/condition.ts';
import type { Policy } from '../access/policy.ts';
import type { Problem } from '../access/problem.ts';
import type { EntitySource, FilterArgument, Moment, RootDeclaration } from '../connector/connector.ts';
import { filterFields, type Filter } from '../connector/filter.ts';
import type { Registry } from '../connector/registry.ts';
import type { Principal } from '../identity/principal.ts';
import { countedFields, countProblems, slidingRows, statisticsProblems } from './check-statistics.ts';
import { policyFileOf } from './modules.ts';

/** Anybody: only the shape of its filters matters here. */
const somebody: Principal = {
  subject: 'check',
  issuer: 'check',
  tokenId: 'check',
  agency: 'hotline',
  role: 'SYSTEM',
  unit: 'check',
  operator: null,
  areas: ['350102'],
  grids: ['check'],
  purposes: ['HANDLING'],
  expiresAt: 0,
};

/** Any time: the same here. */
const someMoment: Moment = { now: 0, warningHours: 1, repeatDays: 1, duplicateDays: 1, mergeDays: 1 };

/** Row rules and list arguments that a source cannot run: found at the start rather than by the first caller. */
export function filterProblems(
  registry: Registry,
  policy: Policy,
  source: (type: string) => EntitySource | undefined,
): Problem[] {
  const problems: Problem[] = [];
  const check = (type: string, filter: Filter, file: string, what: string): void => {
    const of = source(type);
    if (of === undefined || of.canFilter(filter)) return;
    const fields = [...filterFields(filter)].map((f) => `${type}.${f}`).join(', ');
    problems.push({
      file,
      message: `${what} compares ${fields}, which its source cannot; give the mapping a coding with write, or members`,
    });
  };
  for (const connector of registry.connectors) {
    const file = policyFileOf(connector.agency);
    for (const { type } of connector.entities) {
      // Predicate by predicate: a constant beside it must not hide one that the source cannot run.
      for (const one of policy.allRows(type).flatMap((row) => predicatesOf(row.when)))
        check(type, toFilter(bind(one, type, somebody, 0)), file, `a row rule on ${type}`);
    }
    const code = `connectors/${connector.agency}/connector.ts`;
    for (const root of connector.roots) {
      for (const filter of argumentFilters(root)) check(root.type, filter, code, root.field);
      // Where a field may be used on some records only, the page asks for those alone.
      for (const coordinate of usedFields(root)) {
        const lines = [...policy.allRules(coordinate), ...policy.allRights('match', coordinate)];
        for (const one of lines.flatMap((r) => predicatesOf(r.when)))
          check(root.type, toFilter(bind(one, root.type, somebody, 0)), file, `a condition on ${coordinate}`);
      }
    }
    for (const one of connector.cases) check(one.type, one.open, code, 'cases');
    problems.push(...statisticsProblems(connector.statistics ?? [], source, code));
    for (const one of connector.statistics ?? []) {
      check(one.type, { kind: 'range', field: one.time, from: '' }, code, one.field);
      const counts = countedFields(one).map(
        (coordinate) => [coordinate, policy.allRights('count', coordinate)] as const,
      );
      for (const row of policy.allRows(one.type))
        problems.push(
          ...slidingRows(
            row,
            predicatesOf(row.when),
            counts.flatMap(([, lines]) => lines),
          ),
        );
      for (const [coordinate, lines] of counts) {
        for (const line of lines) {
          const predicates = predicatesOf(line.when);
          for (const p of predicates)
            check(one.type, toFilter(bind(p, one.type, somebody, 0)), file, `a condition on ${coordinate}`);
          problems.push(...countProblems(line, predicates, one.type, coordinate));
        }
      }
    }
  }
  return problems;
}

function predicatesOf(condition: Condition): Condition[] {
  switch (condition.kind) {
    case 'predicate':
      return [condition];
    case 'not':
      return predicatesOf(condition.of);
    case 'all':
    case 'any':
      return condition.of.flatMap(predicatesOf);
  }
}

function argumentFilters(root: RootDeclaration): Filter[] {
  if (root.kind !== 'page') return [];
  const orders = [...root.order.map((k) => k.field), ...Object.values(root.orders)];
  const states = (root.states ?? []).flatMap((one) => Object.values(one.states).map((state) => state(someMoment)));
  return [
    ...root.filters.map(sample),
    ...states,
    ...orders.map((field): Filter => ({ kind: 'range', field, from: '' })),
  ];
}

/** The coordinates that a page's arguments can use. */
function usedFields(root: RootDeclaration): string[] {
  if (root.kind !== 'page') return [];
  const fields = [...root.filters.map((f) => f.field), ...(root.states ?? []).flatMap((s) => s.fields)];
  return [...new Set([...fields, ...(root.sparse ?? [])].map((field) => `${root.type}.${field}`))];
}

function sample({ field, test }: FilterArgument): Filter {
  switch (test) {
    case 'in':
    case 'is':
      return { kind: 'in', field, values: [''] };
    case 'division':
      return { kind: 'prefix', field, prefixes: [''] };
    case 'from':
    case 'before':
      return { kind: 'range', field, from: '' };
  }
}

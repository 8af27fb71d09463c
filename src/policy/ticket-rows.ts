import { conditionReads, printCondition, type Condition } from '../access/condition.ts';
import { readCondition } from '../access/condition-file.ts';
import type { ParsedPolicy } from '../access/policy-file.ts';
import { predicates } from '../access/predicates.ts';
import type { Registry } from '../connector/registry.ts';
import type { PolicyFinding } from './finding.ts';

/** The types whose records come in pages: connections below other records, lists of their own, and cases. */
export function pagedTypes({ connectors }: Pick<Registry, 'connectors'>): ReadonlySet<string> {
  return new Set(
    connectors.flatMap((c) => [
      ...c.relations.filter((r) => r.shape.kind === 'connection').map((r) => r.to),
      ...c.roots.filter((r) => r.kind === 'page').map((r) => r.type),
      ...c.cases.map((one) => one.type),
    ]),
  );
}

/**
 * Whether a row rule on the type looks at how the record was reached: at the ticket that led to it, or at the match. No
 * source can, so that a page would be cut and counted by a wider filter, and its count would tell of hidden records.
 */
export function looksAtTheWay(rows: Condition, type: string): boolean {
  return conditionReads(rows, type).ticket.size > 0 || looksAtTheMatch(rows);
}

function looksAtTheMatch(condition: Condition): boolean {
  switch (condition.kind) {
    case 'predicate':
      return predicates[condition.name].about === 'match';
    case 'not':
      return looksAtTheMatch(condition.of);
    case 'all':
    case 'any':
      return condition.of.some(looksAtTheMatch);
  }
}

export function ticketRowsMessage(type: string): string {
  return `${type} comes in pages, whose counts would tell of records that a condition on the ticket hides; use conditions on the record, or make the relation a bounded list`;
}

/** The row rules that look at the way to a record of a paged type, with their lines. */
export function ticketRows(parsed: readonly ParsedPolicy[], paged: ReadonlySet<string>): PolicyFinding[] {
  return parsed.flatMap((policy) =>
    policy.value.rows.flatMap((row, i) => {
      const path = ['rows', i, 'when'];
      const when = readCondition(row.when, path, ignore, ignore);
      return row.of
        .filter((type) => paged.has(type) && looksAtTheWay(when, type))
        .map((type): PolicyFinding => {
          const id = `${policy.value.agency}/${row.id}`;
          return {
            kind: 'TICKET_ROWS',
            subject: type,
            file: policy.file,
            line: policy.problem(path, '').line ?? null,
            message: `${id} shows records on ${printCondition(when)}, but ${ticketRowsMessage(type)}`,
            classes: [],
          };
        });
    }),
  );
}

/** The compiler has told what is wrong with a condition before. */
const ignore = (): void => undefined;

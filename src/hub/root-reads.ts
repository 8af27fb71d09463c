import { conditionReads, type Condition } from '../access/condition.ts';
import { reportSecrecy } from '../access/report-rows.ts';
import type { Decision, RootPlan } from '../access/plan.ts';
import type { CaseDeclaration } from '../connector/connector.ts';
import { decisionConditions } from '../access/plan-reads.ts';

/** A field that is read behind the gate, and why. */
export interface BehindRead {
  readonly coordinate: string;
  readonly reason: string;
}

/**
 * What a root field itself reads behind the gate, before any selection: what its arguments choose and sort by, the ticket
 * that it is bound to, and where a lookup without one may look.
 */
export function rootReads(
  root: Extract<RootPlan, { kind: 'records' | 'cases' }>,
  cases: readonly CaseDeclaration[],
): BehindRead[] {
  switch (root.kind) {
    case 'cases':
      return [
        ...cases.flatMap((one) =>
          [one.grid, ...one.agencies.map((a) => a.field)].map((name) => ({
            coordinate: `${one.type}.${name}`,
            reason: `whose cases ${root.field} lists`,
          })),
        ),
        ...[...root.usable].flatMap(([coordinate, decision]) => {
          const type = coordinate.slice(0, coordinate.indexOf('.'));
          const reason = `sorts and chooses ${root.field}`;
          return [{ coordinate, reason }, ...judged(decision, type, `condition on ${coordinate}`)];
        }),
      ];
    case 'records': {
      const { declaration, field, ticketReads } = root;
      const bound = [...ticketReads].flatMap(([name, reasons]) =>
        reasons.map((reason) => ({ coordinate: `Ticket.${name}`, reason })),
      );
      switch (declaration.kind) {
        case 'byKeys':
          return bound;
        case 'lookup':
          return declaration.binding === 'self'
            ? bound
            : [
                ...bound,
                ...ticketOf(root.ticketRows, `the ticket of Lianqiao-Ticket for ${field}`),
                { coordinate: `${declaration.type}.divisionCode`, reason: `${field} without a ticket: own areas` },
              ];
        case 'page':
          return [
            ...bound,
            ...(declaration.ticket === undefined
              ? []
              : [
                  { coordinate: `${declaration.type}.${declaration.ticket.field}`, reason: `chooses ${field}` },
                  ...ticketOf(root.ticketRows, `the ticket that ${field} is about`),
                  ...readsOf(reportSecrecy, 'Ticket', `the ticket that ${field} is about`),
                ]),
            ...used(root),
          ];
      }
    }
  }
}

type PageRoot = Extract<RootPlan, { kind: 'records' }>;

/** The fields that the arguments `filter` and `orderBy` may name, where the query has them. */
function used({ call, declaration, field, usable, comparable }: PageRoot): BehindRead[] {
  const named = new Set((call.node.arguments ?? []).map((a) => a.name.value));
  if (!named.has('filter') && !named.has('orderBy')) return [];
  return [...usable, ...comparable].flatMap(([name, decision]) => {
    const coordinate = `${declaration.type}.${name}`;
    return decision.kind === 'deny'
      ? []
      : [
          { coordinate, reason: `chooses or sorts ${field}` },
          ...judged(decision, declaration.type, `condition on ${coordinate}`),
        ];
  });
}

/** What is read of a ticket to know whether the caller may name it. */
function ticketOf(rows: Condition | null, reason: string): BehindRead[] {
  if (rows === null) return [];
  const own = ['ticketNo', 'type'].map((name) => ({ coordinate: `Ticket.${name}`, reason }));
  return [...own, ...readsOf(rows, 'Ticket', reason)];
}

function judged(decision: Decision, type: string, reason: string): BehindRead[] {
  return decisionConditions(decision).flatMap((condition) => readsOf(condition, type, reason));
}

function readsOf(condition: Condition, type: string, reason: string): BehindRead[] {
  const { record, ticket } = conditionReads(condition, type);
  return [
    ...[...record].map((name) => ({ coordinate: `${type}.${name}`, reason })),
    ...[...ticket].map((name) => ({ coordinate: `Ticket.${name}`, reason })),
  ];
}

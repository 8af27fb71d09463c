import Database from 'better-sqlite3';
import { join } from 'node:path';
import { showcase } from '../../src/city/showcase.ts';
import { demoCallers } from '../../src/server/demo-callers.ts';
import type { Answer, Asker, RunningHub } from '../kit/running-hub.ts';

const demo = demoCallers({ connectors: ['hotline', 'police', 'grid', 'market', 'housing'] });

/** A caller of the demo, with the very claims that the console speaks with. */
function demoAsker(id: string): Asker {
  const found = demo.find((c) => c.id === id);
  if (found === undefined) throw new Error(`the demo has no caller ${id}`);
  return { claims: found.claims, purpose: found.purpose };
}

/** Everybody whom the tests speak as; the first four are the demo's. */
export const askers = {
  police: demoAsker('police'),
  grid: demoAsker('grid'),
  housing: demoAsker('housing'),
  audit: demoAsker('audit'),
  hotlineOperator: {
    claims: {
      agency: 'hotline',
      role: 'OPERATOR',
      areas: [showcase.areaCode],
      purposes: ['DISPATCH', 'HANDLING', 'FOLLOW_UP', 'SUPERVISION', 'EMERGENCY'],
    },
    purpose: 'HANDLING',
  },
  /** It held the first showcase ticket and returned it. */
  formerHolder: {
    claims: { agency: 'grid', role: 'SYSTEM', unit: 'grid-350102', purposes: ['HANDLING', 'FOLLOW_UP'] },
    purpose: 'HANDLING',
  },
  reportUnit: {
    claims: { agency: 'market', role: 'HANDLER', unit: showcase.reportUnit, purposes: ['HANDLING', 'FOLLOW_UP'] },
    purpose: 'HANDLING',
  },
  marketOtherUnit: {
    claims: { agency: 'market', role: 'HANDLER', unit: 'market-price', purposes: ['HANDLING', 'FOLLOW_UP'] },
    purpose: 'HANDLING',
  },
  marketSystem: {
    claims: { agency: 'market', role: 'SYSTEM', purposes: ['HANDLING', 'FOLLOW_UP'] },
    purpose: 'HANDLING',
  },
  steward: { claims: { agency: 'hotline', role: 'STEWARD', purposes: ['SUPERVISION'] }, purpose: 'SUPERVISION' },
} as const satisfies Readonly<Record<string, Asker>>;

/** The errors as `CODE coordinate pathPattern`, in the order of the answer; what an error does not name stays out. */
export function errorLines(answer: Answer): string[] {
  return answer.errors.map((e) =>
    [e.extensions['code'], e.extensions['coordinate'], e.extensions['pathPattern'] ?? e.path?.join('.')]
      .filter((part) => part !== undefined)
      .join(' '),
  );
}

/** A connection of the test's own to one agency's database, or to the ledger; the caller closes it. */
export function openSource(hub: RunningHub, name: string, options: Database.Options = {}): Database.Database {
  return new Database(join(hub.dataDir, `${name}.db`), options);
}

/** The rows of one query on an agency's database. */
export function storedRows<R>(hub: RunningHub, name: string, sql: string, ...values: (string | number)[]): R[] {
  const db = openSource(hub, name, { readonly: true });
  try {
    return db.prepare(sql).all(...values) as R[];
  } finally {
    db.close();
  }
}

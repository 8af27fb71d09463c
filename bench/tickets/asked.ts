import { handoff, handoffFinding, ticket } from '../../connectors/hotline/mapping.ts';
import hotline from '../../connectors/hotline/connector.ts';
import type { EntitySource, SortKey } from '../../src/connector/connector.ts';
import { all, always, type Filter } from '../../src/connector/filter.ts';
import type { SqlSettings } from '../../src/connector/settings/source-settings.ts';
import type { Condition } from '../../src/connector/sql/condition.ts';
import { openDatabase } from '../../src/connector/sql/database.ts';
import type { SqlEntity } from '../../src/connector/sql/sql-entity.ts';
import { sqlSource } from '../../src/connector/sql/sql-source.ts';
import { usualCircumstances } from '../../src/connector/circumstances.ts';
import { computedKinds } from '../../src/store/finding-arms.ts';
import { findingsOf } from '../../src/store/findings.ts';
import { traceSource } from '../../src/tickets/trace-source.ts';

/** What a caller asks, and the statements that the hotline's connector sends for it. */
export interface Asked {
  readonly question: string;
  readonly statements: readonly Condition[];
  /** How many records were answered, over all statements. */
  readonly records: number;
}

/** Rows of a page, and the one more by which it is known whether there is another. */
const pageRows = 21;

const entities: readonly SqlEntity[] = [
  { type: 'Ticket', table: 'ticket', key: 'ticketNo', order: [], mapping: ticket },
  { type: 'Handoff', table: 'handoff', key: 'runId', order: [], mapping: handoff },
  { type: 'HandoffFinding', table: 'handoff_finding', key: 'findingId', order: [], mapping: handoffFinding },
];

/** Asks the questions of the store that these settings name, and keeps what was sent for each. */
export async function askAll(settings: SqlSettings, ticketNo: string): Promise<readonly Asked[]> {
  const { agency } = hotline;
  const database = openDatabase({ agency, settings, fileAt: (file) => file, onStatement: () => undefined });
  let sent: { statement: Condition; records: number }[] = [];
  const recording = {
    ...database,
    async run(statement: Condition, signal: AbortSignal) {
      const rows = await database.run(statement, signal);
      sent.push({ statement, records: rows.length });
      return rows;
    },
  };
  const sources = new Map(entities.map((e) => [e.type, sqlSource(recording, e, 500, { agency })]));
  const of = (type: string): EntitySource => {
    const source = sources.get(type);
    if (source === undefined) throw new TypeError(`no ${type}`);
    return source;
  };
  const asked: Asked[] = [];
  const ask = async (question: string, work: () => Promise<unknown>): Promise<void> => {
    sent = [];
    await work();
    const records = sent.reduce((sum, one) => sum + one.records, 0);
    asked.push({ question, statements: sent.map((one) => one.statement), records });
  };
  const signal = AbortSignal.timeout(600_000);
  const page = (type: string, rows: Filter, order: readonly SortKey[], fields: readonly string[]) =>
    of(type).loadPage({ fields, rows, order, limit: pageRows, signal });
  const newest = (type: string, time: string, key: string, rows: Filter, fields: readonly string[]) =>
    page(
      type,
      rows,
      [
        { field: time, direction: 'DESC' },
        { field: key, direction: 'DESC' },
      ],
      fields,
    );
  try {
    const trace = traceSource(of, usualCircumstances);
    await ask('trace of one ticket', () =>
      trace.loadByKeys({
        key: 'ticketNo',
        keys: [ticketNo],
        fields: ['ticketNo', 'hops', 'findings'],
        rows: always,
        order: [],
        limitPerKey: 1,
        signal,
      }),
    );
    const found = ['findingId', 'kind', 'ticketNo', 'agency', 'divisionCode', 'times', 'at'];
    for (const kind of computedKinds)
      await ask(`handoffFindings of ${kind}`, () =>
        newest('HandoffFinding', 'at', 'findingId', { kind: 'in', field: 'kind', values: [kind] }, found),
      );
    await ask('handoffFindings of all kinds', () => newest('HandoffFinding', 'at', 'findingId', always, found));
    await ask('handoffFindings of one agency', () =>
      newest('HandoffFinding', 'at', 'findingId', { kind: 'in', field: 'agency', values: ['housing'] }, found),
    );
    const shown = ['ticketNo', 'status', 'receivedAt', 'updatedAt'];
    await ask('tickets changedSince', () =>
      page(
        'Ticket',
        { kind: 'range', field: 'updatedAt', from: '2024-01-05T00:00:00+08:00' },
        [
          { field: 'updatedAt', direction: 'ASC' },
          { field: 'ticketNo', direction: 'ASC' },
        ],
        shown,
      ),
    );
    await ask('tickets of one grid', () =>
      newest('Ticket', 'receivedAt', 'ticketNo', { kind: 'in', field: 'gridCode', values: ['G7'] }, shown),
    );
    await ask('tickets that one agency leads', () =>
      newest(
        'Ticket',
        'receivedAt',
        'ticketNo',
        all([{ kind: 'in', field: 'leadAgency', values: ['housing'] }]),
        shown,
      ),
    );
    const anew = findingsOf([ticketNo]);
    await ask('findings of one ticket, computed anew', () => recording.run(anew, signal));
    return asked;
  } finally {
    await database.close();
  }
}

import type { EntitySource, KeyLoad, SourceRecord } from '../connector/connector.ts';
import { always, matches } from '../connector/filter.ts';
import { provenanceOf, stampLoad } from '../connector/provenance.ts';
import type { Circumstances } from '../connector/source.ts';
import { findingsOf, type TracedTicket } from './trace-findings.ts';
import type { TraceStep } from './trace-step.ts';
import { traceOf } from './trace.ts';

/** Steps of one ticket, at most: far above what any ticket has, and a bound all the same. */
const maxSteps = 1_000;

/** What only hops show, what they and findings rest on, and what every trace needs. */
const hopFields = ['by', 'reason'];
const limitFields = ['dueAt', 'signBy', 'siteVisit', 'evidenceCount'];
const stepFields = ['runId', 'kind', 'from', 'to', 'at'];
const ticketFields = ['ticketNo', 'leadAgency', 'closedAt', 'visitedAt', 'updatedAt', 'resolved', 'satisfaction'];

/** Traces, computed from each ticket's handoffs and outcome: one load of each for a whole batch of tickets. */
export function traceSource(of: (type: string) => EntitySource, circumstances: Circumstances): EntitySource {
  const [handoffs, tickets] = [of('Handoff'), of('Ticket')];
  const noList = (): Promise<never> => Promise.reject(new TypeError('traces are loaded by ticket'));
  return {
    async loadByKeys(load: KeyLoad) {
      const [hops, findings] = [load.fields.includes('hops'), load.fields.includes('findings')];
      const { keys, signal } = load;
      const [steps, outcomes] = await Promise.all([
        handoffs.loadByKeys({
          key: 'ticketNo',
          keys,
          fields: [...stepFields, ...(hops || findings ? limitFields : []), ...(hops ? hopFields : [])],
          rows: always,
          order: [
            { field: 'at', direction: 'ASC' },
            { field: 'runId', direction: 'ASC' },
          ],
          limitPerKey: maxSteps,
          signal,
        }),
        // What nobody asks for is not read.
        findings
          ? tickets.loadByKeys({
              key: 'ticketNo',
              keys,
              fields: ticketFields,
              rows: always,
              order: [{ field: 'ticketNo', direction: 'ASC' }],
              limitPerKey: 1,
              signal,
            })
          : null,
      ]);
      return keys.map((ticketNo, i) => {
        const own = steps[i] ?? [];
        const outcome = outcomes?.[i] ?? [];
        const known = own.flatMap(stepOf);
        const trace: SourceRecord = {
          ticketNo,
          ...traceOf(known, circumstances),
          findings: outcome.flatMap((record) => findingsOf(known, ticketOf(record), circumstances.now())),
        };
        const list = matches(load.rows, trace) ? [trace] : [];
        // A trace is as fresh as the steps that it was made of.
        const provenance = provenanceOf(own) ?? provenanceOf(outcome);
        if (provenance !== null) stampLoad([list], provenance);
        return list;
      });
    },
    loadPage: noList,
    count: noList,
    countByKeys: noList,
    countBy: noList,
    canCountBy: () => false,
    canFilter: () => true,
  };
}

/** A step whose kind or time cannot be read is left out: a trace must not guess. */
function stepOf(record: SourceRecord): TraceStep[] {
  const [runId, kind, at] = [text(record['runId']), text(record['kind']), text(record['at'])];
  if (runId === null || kind === null || at === null) return [];
  const { evidenceCount } = record;
  return [
    {
      runId,
      kind,
      at,
      from: text(record['from']),
      to: text(record['to']),
      by: text(record['by']),
      reason: text(record['reason']),
      dueAt: text(record['dueAt']),
      signBy: text(record['signBy']),
      siteVisit: flag(record['siteVisit']),
      evidenceCount: typeof evidenceCount === 'number' ? evidenceCount : null,
    },
  ];
}

/** What of a ticket cannot be read is not known, and no finding rests on it. */
function ticketOf(record: SourceRecord): TracedTicket {
  return {
    leadAgency: text(record['leadAgency']),
    closedAt: text(record['closedAt']),
    visitedAt: text(record['visitedAt']),
    updatedAt: text(record['updatedAt']),
    resolved: flag(record['resolved']),
    satisfaction: text(record['satisfaction']),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function flag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

import type { EntitySource, KeyLoad, SourceRecord } from '../connector/connector.ts';
import { always, matches } from '../connector/filter.ts';
import { provenanceOf, stampLoad } from '../connector/provenance.ts';
import { traceOf, type TraceStep } from './trace.ts';

/** Steps of one ticket, at most: far above what any ticket has, and a bound all the same. */
const maxSteps = 1_000;

/** Traces, computed from the handoffs of each ticket: one load for a whole batch of tickets. */
export function traceSource(handoffs: EntitySource): EntitySource {
  const noList = (): Promise<never> => Promise.reject(new TypeError('traces are loaded by ticket'));
  return {
    async loadByKeys(load: KeyLoad) {
      const steps = await handoffs.loadByKeys({
        key: 'ticketNo',
        keys: load.keys,
        fields: ['kind', 'from', 'to', 'at'],
        rows: always,
        order: [
          { field: 'at', direction: 'ASC' },
          { field: 'runId', direction: 'ASC' },
        ],
        limitPerKey: maxSteps,
        signal: load.signal,
      });
      return load.keys.map((ticketNo, i) => {
        const of = steps[i] ?? [];
        const trace: SourceRecord = { ticketNo, ...traceOf(of.flatMap(stepOf)) };
        const list = matches(load.rows, trace) ? [trace] : [];
        // A trace is as fresh as the steps that it was made of.
        const provenance = provenanceOf(of);
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
  const { kind, from, to, at } = record;
  if (typeof kind !== 'string' || typeof at !== 'string') return [];
  return [{ kind, at, from: typeof from === 'string' ? from : null, to: typeof to === 'string' ? to : null }];
}

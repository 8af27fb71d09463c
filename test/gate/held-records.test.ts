import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDateTime, parseDateTime } from '../../src/codes/date-time.ts';
import type { SourceRecord } from '../../src/connector/connector.ts';
import { heldRecords } from '../../src/gate/held-records.ts';
import { traceOf } from '../../src/tickets/trace.ts';
import { generatedTrail } from '../tickets/trace-kit.ts';

const now = parseDateTime('2026-11-30T12:00:00+08:00');
const shape = { kind: 'instant', of: 'hops', argument: 'at', from: 'since', until: 'until' } as const;

function heldAt(record: SourceRecord, at: string): readonly SourceRecord[] {
  type Passage = Parameters<typeof heldRecords>[2];
  type Relation = Parameters<typeof heldRecords>[0];
  const run = { argumentsOf: () => ({ at }), now } as unknown as Passage;
  return heldRecords({ field: 'heldAt' } as Relation, shape, run)(record);
}

/** Second by second around every change of hands, and far away from any. */
test('at any instant it is the stay that began last, unless that has ended', () => {
  fc.assert(
    fc.property(generatedTrail, fc.constantFrom(-1, 0, 1), (steps, off) => {
      const { hops, heldBy } = traceOf(steps, { officeHours: [], now: () => now });
      const trace = { hops } as unknown as SourceRecord;
      for (const { since, until } of hops)
        for (const edge of [since, until ?? since]) {
          const at = formatDateTime(parseDateTime(edge) + off * 1_000);
          const last = hops.findLast((hop) => hop.since <= at && hop.since !== hop.until);
          const holds = last === undefined || (last.until !== null && last.until <= at) ? [] : [last];
          expect(heldAt(trace, at)).toEqual(holds);
        }
      expect(heldAt(trace, formatDateTime(now)).map((hop) => hop['agency'])).toEqual(heldBy === null ? [] : [heldBy]);
      expect(heldAt(trace, formatDateTime(now + 1_000))).toEqual([]);
    }),
  );
});

test('a stay whose end cannot be read holds nothing', () => {
  expect(heldAt({ hops: [{ since: '2026-11-01T00:00:00+08:00' }] }, '2026-11-02T00:00:00+08:00')).toEqual([]);
  expect(heldAt({ hops: null }, '2026-11-02T00:00:00+08:00')).toEqual([]);
});

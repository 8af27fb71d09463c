import { always } from '../../filter.ts';
import { SourceError } from '../../source-error.ts';
import { Problems, type Check } from '../check.ts';
import { keyLoad, pageLoad } from '../loads.ts';
import { peakMemory, type PeakMemory } from '../memory.ts';
import { outcomeOf } from '../outcome.ts';
import { keyText, sampleRows } from '../sample-rows.ts';
import { nameOf } from '../stand.ts';

const mebibyte = 1_048_576;

/** What is loaded of many rows costs memory for the answer, not for the source: a load that would look through too much fails. */
export const millionRows: Check = {
  name: 'million-rows',
  async run(bench) {
    const count = bench.quick ? 20_000 : 1_000_000;
    const most = (bench.quick ? 64 : 384) * mebibyte;
    const first = bench.entities.find((e) => e.pages) ?? bench.entities[0];
    const problems = new Problems();
    if (first === undefined) return problems.finding('no record type');
    const stand = await bench.stand({
      batchKeys: 500,
      ready: false,
      settings: { answerMilliseconds: 120_000 },
      rows: ({ type, entity, keys, rows }) =>
        type === first.type ? sampleRows(entity, { count, keys, sparse: true }) : rows.slice(0, 3),
    });
    const { key } = first.entity;
    const { type } = first;
    const held = stand.rows(type).length;
    const source = stand.source(type);
    const keys = Array.from({ length: 500 }, (_, i) => keyText(Math.floor((i * held) / 500)));
    // Taking it all in may take its time, and no more memory than a load.
    const taken = await peakMemory(() => stand.ready());
    problems.add(...tooMuch(`taking in ${type}`, taken, most));
    const loads: readonly (readonly [string, (signal: AbortSignal) => Promise<number>, number])[] = [
      [
        '500 keys',
        async (signal) => (await source.loadByKeys(keyLoad(first, { key, keys, fields: [key], signal }))).flat().length,
        500,
      ],
      ...(first.pages
        ? [
            [
              'a page',
              async (signal: AbortSignal) =>
                (await source.loadPage(pageLoad(first, { fields: [key], limit: 100, signal }))).length,
              100,
            ] as const,
          ]
        : []),
      ...(first.counts ? [['the count', (signal: AbortSignal) => source.count(always, signal), held] as const] : []),
    ];
    let peak = taken.bytes;
    let outside = taken.outside;
    for (const [name, run, expected] of loads) {
      const memory = await peakMemory(() => outcomeOf(run, { patience: 120_000, slack: 2_000 }));
      const { value: outcome } = memory;
      peak = Math.max(peak, memory.bytes);
      outside = Math.max(outside, memory.outside);
      const what = `${name} of ${type}`;
      if (outcome.kind === 'hung') problems.add(`${what}: no answer within two minutes`);
      // A bound on the rows of one load is what keeps the memory.
      else if (outcome.kind === 'error') {
        if (!(outcome.error instanceof SourceError) || outcome.error.fault !== 'REFUSED')
          problems.add(`${what}: ${nameOf(outcome.error)}`);
      } else if (outcome.value !== expected) problems.add(`${what}: ${outcome.value} instead of ${expected}`);
      problems.add(...tooMuch(what, memory, most));
    }
    return problems.finding(
      `${held} rows, ${inMebibytes(peak)} at most, and ${inMebibytes(outside)} outside this thread`,
    );
  },
};

/** Outside this thread garbage counts too, and what a thread itself needs: so twice as much may be there. */
function tooMuch(what: string, { bytes, outside }: PeakMemory<unknown>, most: number): string[] {
  return [
    ...(bytes > most ? [`${what}: ${inMebibytes(bytes)} of memory, more than ${inMebibytes(most)}`] : []),
    ...(outside > 2 * most
      ? [`${what}: ${inMebibytes(outside)} of memory outside this thread, more than ${inMebibytes(2 * most)}`]
      : []),
  ];
}

function inMebibytes(bytes: number): string {
  return `${Math.round(bytes / mebibyte)} MiB`;
}

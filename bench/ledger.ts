import type { Engine, HubAnswer } from '../src/hub/engine.ts';
import { droppingLedger } from '../test/kit/dropping-ledger.ts';
import { ownCpu } from './cpu.ts';
import { bar, median, percentile, type Bar } from './figures.ts';
import { openHubParts } from './hub-parts.ts';
import { operations, requestOf } from './operations.ts';
import { variablesOf } from './variables.ts';

/** One operation with the strict ledger and without, CPU microseconds per request of all threads, and milliseconds. */
export interface LedgerFigures {
  readonly operation: string;
  readonly inFlight: number;
  readonly without: number;
  readonly with: number;
  /** without ÷ with: the median of the rounds' own ratios, and how far they lie apart. */
  readonly ratio: number;
  readonly ratioFrom: number;
  readonly ratioTo: number;
  /** 99th percentile of the time of a request. */
  readonly p99Without: number;
  readonly p99With: number;
  readonly bars: readonly Bar[];
}

/** Requests that are under way at a time: a hub that is loaded shares its commits. */
const inFlight = 16;
/** Requests of one way in one round. */
const requestsOfRound = 400;

/** Measures on the city in `dataDir`. The first operation carries the bars. */
export async function measureLedger(dataDir: string, rounds: number): Promise<readonly LedgerFigures[]> {
  const parts = await openHubParts(dataDir);
  try {
    const figures: LedgerFigures[] = [];
    for (const operation of operations) {
      const requests = (await variablesOf(operation, parts)).map((variables) => requestOf(operation.query, variables));
      const ways = [parts.engine(droppingLedger), parts.engine(parts.ledger)] as const;
      const answer = async (engine: Engine, i: number): Promise<void> => {
        const request = requests[i % requests.length];
        if (request === undefined) throw new RangeError('no requests');
        written(await engine.answer(request));
      };
      const cpu: [number[], number[]] = [[], []];
      const times: [number[], number[]] = [[], []];
      // The first rounds warm the code.
      for (let round = -2; round < rounds; round++) {
        for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
          const from = ownCpu();
          const taken = await inParallel((i) => answer(ways[side], i));
          if (round < 0) continue;
          cpu[side].push((ownCpu() - from) / requestsOfRound);
          times[side].push(percentile(taken, 0.99));
        }
      }
      const ratios = cpu[0].map((without, i) => without / (cpu[1][i] ?? NaN));
      const [p99Without, p99With] = [median(times[0]), median(times[1])];
      const ratio = median(ratios);
      figures.push({
        operation: operation.name,
        inFlight,
        without: median(cpu[0]),
        with: median(cpu[1]),
        ratio,
        ratioFrom: Math.min(...ratios),
        ratioTo: Math.max(...ratios),
        p99Without,
        p99With,
        bars:
          operation.name === operations[0]?.name
            ? [
                bar('CPU without the ledger ÷ with it', ratio, 0.8, 'least'),
                bar('p99 with the ledger ÷ without it', p99With / p99Without, 2),
              ]
            : [],
      });
    }
    return figures;
  } finally {
    await parts.close();
  }
}

async function inParallel(run: (i: number) => Promise<void>): Promise<number[]> {
  const taken: number[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < requestsOfRound) {
      const started = performance.now();
      await run(next++);
      taken.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  return taken;
}

/** The answer as it is sent. A refused one would be measured as a cheap one. */
function written(answer: HubAnswer): string {
  if (answer.kind === 'refused') throw new Error(`refused: ${answer.errors[0]?.message}`);
  return JSON.stringify(answer.result);
}

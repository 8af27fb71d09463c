/** One of the ways that are compared; `run` answers the `i`th request. */
export interface Way {
  readonly name: string;
  readonly run: (i: number) => Promise<unknown>;
}

export interface Rounds {
  readonly rounds: number;
  /** Milliseconds that one way runs in one round, about. */
  readonly slice: number;
}

/** CPU microseconds of some processes since they began. */
export type Meter = () => number;

/** Of this process, user and system, all threads. */
export const ownCpu: Meter = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/**
 * CPU microseconds per request for each way and round. In each round every way answers the same requests, and who begins
 * takes turns. Rounds are many and short, so that what else the machine does, and the collector, meets all ways alike; a
 * collection forced between them would cost each its warm code.
 */
export async function cpuOfWays(ways: readonly Way[], rounds: Rounds): Promise<Map<string, readonly number[]>> {
  const figures = await meteredWays(ways, rounds, [ownCpu]);
  return new Map([...figures].map(([way, [own = []]]) => [way, own]));
}

/** The same, for each way by each of the meters. */
export async function meteredWays(
  ways: readonly Way[],
  { rounds, slice }: Rounds,
  meters: readonly Meter[],
): Promise<Map<string, readonly (readonly number[])[]>> {
  const [first] = ways;
  if (first === undefined) throw new RangeError('no ways');
  for (const way of ways) await runFor(way, 1_500);
  const requests = Math.max(20, await runFor(first, slice));
  const figures = new Map(ways.map((w) => [w.name, meters.map((): number[] => [])]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < ways.length; turn++) {
      const way = ways[(round + turn) % ways.length] ?? first;
      const from = meters.map((meter) => meter());
      for (let i = 0; i < requests; i++) await way.run(i);
      meters.forEach((meter, m) => {
        figures.get(way.name)?.[m]?.push((meter() - (from[m] ?? 0)) / requests);
      });
    }
  }
  return figures;
}

/** Runs the way for so many milliseconds and tells how many requests it answered. */
async function runFor(way: Way, milliseconds: number): Promise<number> {
  const until = performance.now() + milliseconds;
  let done = 0;
  while (performance.now() < until) await way.run(done++);
  return done;
}

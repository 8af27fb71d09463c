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

/**
 * CPU microseconds per request (user and system, all threads of the process) for each way and round. In each round every
 * way answers the same requests, and who begins takes turns. Rounds are many and short, so that what else the machine
 * does, and the collector, meets all ways alike; a collection forced between them would cost each its warm code.
 */
export async function cpuOfWays(ways: readonly Way[], { rounds, slice }: Rounds): Promise<Map<string, number[]>> {
  const [first] = ways;
  if (first === undefined) throw new RangeError('no ways');
  for (const way of ways) await runFor(way, 1_500);
  const requests = Math.max(20, await runFor(first, slice));
  const figures = new Map(ways.map((w) => [w.name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < ways.length; turn++) {
      const way = ways[(round + turn) % ways.length] ?? first;
      const from = process.cpuUsage();
      for (let i = 0; i < requests; i++) await way.run(i);
      const { user, system } = process.cpuUsage(from);
      figures.get(way.name)?.push((user + system) / requests);
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

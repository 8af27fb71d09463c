import type { Stay } from './trace-stays.ts';

export interface TraceCircle {
  readonly agency: string;
  readonly firstAt: string;
  readonly againAt: string;
  readonly through: readonly string[];
}

/** Two agencies between which it went to and fro, at least A to B to A to B. */
export interface TracePingPong {
  readonly first: string;
  readonly second: string;
  /** Times that it went over from one to the other. */
  readonly times: number;
  readonly at: readonly string[];
}

/** The hotline hands tickets out and takes them back, so coming by it again is no circle. */
export function circlesOf(stays: readonly Stay[]): TraceCircle[] {
  return stays.flatMap((again, i): TraceCircle[] => {
    const before = stays.slice(0, i).findLastIndex((s) => s.agency === again.agency);
    const first = stays[before];
    if (again.agency === 'hotline' || first === undefined) return [];
    const between = stays.slice(before + 1, i).map((s) => s.agency);
    const through = [...new Set(between.filter((a) => a !== again.agency))];
    return through.some((a) => a !== 'hotline')
      ? [{ agency: again.agency, firstAt: first.step.at, againAt: again.step.at, through }]
      : [];
  });
}

/** Shorter ones are circles: A to B to A. */
const LEAST_STAYS = 4;

/** The pairs, by when each began. The hotline's stays are passed over, for it is what agencies hand a ticket on through. */
export function pingPongsOf(stays: readonly Stay[]): TracePingPong[] {
  const visits = stays
    .filter(({ agency }) => agency !== 'hotline')
    .filter(({ agency }, i, all) => agency !== all[i - 1]?.agency);
  const found = new Map<string, { first: string; second: string; at: string[] }>();
  for (let start = 0; start + LEAST_STAYS <= visits.length;) {
    let end = start + 2;
    while (end < visits.length && visits[end]?.agency === visits[end - 2]?.agency) end += 1;
    const run = visits.slice(start, end);
    const [a, b] = run;
    if (a !== undefined && b !== undefined && run.length >= LEAST_STAYS) {
      const pair = [a.agency, b.agency].toSorted().join(' ');
      const known = found.get(pair) ?? { first: a.agency, second: b.agency, at: [] };
      known.at.push(...run.slice(1).map(({ step }) => step.at));
      found.set(pair, known);
    }
    // The next run may begin with the last two of this one.
    start = end - 1;
  }
  return [...found.values()].map((of) => ({ ...of, times: of.at.length }));
}

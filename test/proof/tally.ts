/** What the cases were, counted; printed with every run. */
export class Tally {
  readonly #cases = new Map<string, number>();
  readonly #met = new Map<string, number>();
  readonly #asked = new Map<string, number>();

  /** One case of a property, and what its answer met. */
  count(property: string, met: ReadonlySet<string>): void {
    add(this.#cases, property);
    for (const one of met) add(this.#met, one);
  }

  /** A fact about how the cases were run, such as the executor. */
  note(fact: string, times = 1): void {
    add(this.#asked, fact, times);
  }

  get total(): number {
    return [...this.#cases.values()].reduce((sum, n) => sum + n, 0);
  }

  of(property: string): number {
    return this.#cases.get(property) ?? 0;
  }

  /** Share of all cases that met it, 0 to 1. */
  share(met: string): number {
    return (this.#met.get(met) ?? 0) / Math.max(this.total, 1);
  }

  toString(): string {
    const list = (map: ReadonlyMap<string, number>, text: (n: number) => string): string =>
      [...map]
        .toSorted(([, a], [, b]) => b - a)
        .map(([name, n]) => `${name} ${text(n)}`)
        .join(', ');
    const percent = (n: number): string => `${((100 * n) / Math.max(this.total, 1)).toFixed(1)} %`;
    return [
      `${this.total} cases: ${list(this.#cases, String)}`,
      `met by: ${list(this.#met, percent)}`,
      `run: ${list(this.#asked, String)}`,
    ].join('\n');
  }
}

function add(map: Map<string, number>, name: string, times = 1): void {
  map.set(name, (map.get(name) ?? 0) + times);
}

/** Milliseconds that the budget looks back over. */
const windowMilliseconds = 10_000;
const parts = 10;
/** Retries in the window that need no loads behind them: a source that is seldom asked may be tried again too. */
const floor = 3;

interface Part {
  /** Which part of time it counts. */
  number: number;
  loads: number;
  retries: number;
}

/** Retries of a source, bounded by a share of its loads: a source in trouble is not asked many times as much. */
export class RetryBudget {
  readonly #percent: number;
  readonly #parts: Part[] = Array.from({ length: parts }, () => ({ number: -1, loads: 0, retries: 0 }));

  /** Retries for each hundred loads; 0 allows none at all. */
  constructor(percent: number) {
    this.#percent = percent;
  }

  load(): void {
    this.#part().loads += 1;
  }

  /** Whether one more retry is within the budget; it is counted then. */
  take(): boolean {
    if (this.#percent === 0) return false;
    const now = this.#part();
    let loads = 0;
    let retries = 0;
    for (const part of this.#parts) {
      if (part.number <= now.number - parts) continue;
      loads += part.loads;
      retries += part.retries;
    }
    if (retries + 1 > floor + (loads * this.#percent) / 100) return false;
    now.retries += 1;
    return true;
  }

  #part(): Part {
    const number = Math.floor(performance.now() / (windowMilliseconds / parts));
    const part = this.#parts[number % parts]!;
    if (part.number !== number) Object.assign(part, { number, loads: 0, retries: 0 });
    return part;
  }
}

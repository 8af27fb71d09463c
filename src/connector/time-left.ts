/** When the work that a signal belongs to is given up, on the clock of `performance.now()`: a signal itself does not tell. */
const ends = new WeakMap<AbortSignal, number>();

/** Says that the signal will be aborted at this time of `performance.now()`. */
export function setEnd(signal: AbortSignal, at: number): void {
  ends.set(signal, at);
}

/** Milliseconds until the signal is aborted, never below 0; `Infinity` where nobody has said. */
export function timeLeft(signal: AbortSignal): number {
  const at = ends.get(signal);
  return at === undefined ? Infinity : Math.max(0, at - performance.now());
}

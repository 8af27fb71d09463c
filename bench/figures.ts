/** The middle value; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  if (low === undefined || high === undefined) throw new RangeError('no values');
  return (low + high) / 2;
}

/** The value that this share (0 to 1) of the values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new RangeError('no values');
  return value;
}

/** A bar that a figure has to keep: at most this, or at least. */
export interface Bar {
  readonly name: string;
  readonly figure: number;
  readonly side: 'most' | 'least';
  readonly limit: number;
  readonly kept: boolean;
}

export function bar(name: string, figure: number, limit: number, side: Bar['side'] = 'most'): Bar {
  return { name, figure, side, limit, kept: side === 'most' ? figure <= limit : figure >= limit };
}

/** The member of this number, counted around. Throws on an empty list. */
export function at<T>(from: readonly T[], choice: number): T {
  const found = from[choice % Math.max(from.length, 1)];
  if (found === undefined) throw new TypeError('nothing to choose from');
  return found;
}

/** The members whose bits are set in the number, in their order. */
export function some<T>(from: readonly T[], bits: number): T[] {
  return from.filter((_, i) => ((bits >> i) & 1) === 1);
}

/** A perfect subtree: the entries from `index × 2^level` (included) to `(index + 1) × 2^level` (not included). */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

/**
 * The fewest perfect subtrees that make up the entries from `begin` (included) to `end` (not included), from left to right.
 * Plain arithmetic throughout: sizes reach past the 32 bits of bitwise operators. RangeError when they are no range.
 */
export function nodesOf(begin: number, end: number): readonly NodeId[] {
  if (!Number.isSafeInteger(begin) || !Number.isSafeInteger(end) || begin < 0 || end < begin)
    throw new RangeError('Expected whole numbers with 0 ≤ begin ≤ end');
  const nodes: NodeId[] = [];
  let at = begin;
  while (at < end) {
    let level = 0;
    let width = 1;
    while (at % (width * 2) === 0 && width * 2 <= end - at) {
      level += 1;
      width *= 2;
    }
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

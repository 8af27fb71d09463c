import { createHash } from 'node:crypto';

// RFC 6962 §2.1 word for word, by recursion: what the real one is compared with.

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const split = (count: number): number => 2 ** Math.floor(Math.log2(count - 1));

export function naiveRoot(entries: readonly Buffer[]): Buffer {
  const [only, ...more] = entries;
  if (only === undefined) return sha256();
  if (more.length === 0) return sha256(Buffer.of(0), only);
  const k = split(entries.length);
  return sha256(Buffer.of(1), naiveRoot(entries.slice(0, k)), naiveRoot(entries.slice(k)));
}

export function naiveInclusion(index: number, entries: readonly Buffer[]): Buffer[] {
  if (entries.length === 1) return [];
  const k = split(entries.length);
  return index < k
    ? [...naiveInclusion(index, entries.slice(0, k)), naiveRoot(entries.slice(k))]
    : [...naiveInclusion(index - k, entries.slice(k)), naiveRoot(entries.slice(0, k))];
}

export function naiveConsistency(before: number, entries: readonly Buffer[], whole = true): Buffer[] {
  if (before === entries.length) return whole ? [] : [naiveRoot(entries)];
  const k = split(entries.length);
  return before <= k
    ? [...naiveConsistency(before, entries.slice(0, k), whole), naiveRoot(entries.slice(k))]
    : [...naiveConsistency(before - k, entries.slice(k), false), naiveRoot(entries.slice(0, k))];
}

import { LRUCache } from 'lru-cache';
import { givenLines, type GivenLines } from './given-lines.ts';
import type { GivenVerdict } from './verdict.ts';

const made = new LRUCache<string, GivenLines>({ max: 2_000 });

/** One field that was given of no record in particular: a count. */
export function oneLine(coordinate: string, verdict: GivenVerdict): GivenLines {
  const key = `${coordinate} ${verdict.rule} ${verdict.status === 'MASKED' ? verdict.mask : ''}`;
  let lines = made.get(key);
  if (lines === undefined) made.set(key, (lines = givenLines([{ coordinate, verdict }])));
  return lines;
}

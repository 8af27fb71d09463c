import { LRUCache } from 'lru-cache';

/** Results by key, each made once, however many ask at a time; a failure is not kept. */
export type Kept<T> = (key: string, make: () => Promise<T>) => Promise<T>;

export function createKept<T>(max: number): Kept<T> {
  const kept = new LRUCache<string, Promise<T>>({ max });
  return (key, make) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    kept.set(key, made);
    made.catch(() => {
      if (kept.get(key) === made) kept.delete(key);
    });
    return made;
  };
}

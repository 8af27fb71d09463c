import type { GraphiQL } from 'graphiql';
import type { ComponentProps } from 'react';

type Storage = NonNullable<ComponentProps<typeof GraphiQL>['storage']>;

/**
 * GraphiQL would keep queries and variables in the browser, where the next reader of a shared machine finds them. This
 * storage ends with the page.
 */
export function memoryStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
    get length() {
      return kept.size;
    },
  };
}

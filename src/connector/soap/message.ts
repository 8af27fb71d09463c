import type { SoapEntity } from './declaration.ts';

/** Elements of a request: texts, lists and elements by their names. */
export type Elements = Record<string, unknown>;

/** Puts the value below these elements, which other values may share. */
export function putAt(message: Elements, path: readonly string[], value: unknown): void {
  let to = message;
  path.forEach((name, i) => {
    if (i === path.length - 1) to[name] = value;
    else {
      const below = to[name];
      if (!isElements(below)) to[name] = {};
      to = to[name] as Elements;
    }
  });
}

/** What the service calls a column: the elements that lead to it. */
export function nameOf(column: string, { at = {} }: SoapEntity): string {
  const path = Object.hasOwn(at, column) ? at[column] : undefined;
  return path?.map((step) => step.replace(/^(@?)\{[^}]*\}/, '$1')).join('/') ?? column;
}

function isElements(value: unknown): value is Elements {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

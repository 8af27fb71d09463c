/** The value below these fields; undefined where one is missing or lies in no object. */
export function fieldAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const field of path) {
    if (!isObject(at) || !Object.hasOwn(at, field)) return undefined;
    at = at[field];
  }
  return at;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at the end of these members; undefined where one is missing. */
export function memberAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const member of path) {
    if (!isObject(at) || !Object.hasOwn(at, member)) return undefined;
    at = at[member];
  }
  return at;
}

/** The value below these members. */
export function nested(path: readonly string[], value: unknown): unknown {
  return path.toReversed().reduce<unknown>((inner, member) => ({ [member]: inner }), value);
}

/** Both, member by member; where only one of two values is an object, the second one's. */
export function merged(a: unknown, b: unknown): unknown {
  if (!isObject(a) || !isObject(b)) return b;
  const result: Record<string, unknown> = { ...a };
  for (const [name, value] of Object.entries(b)) result[name] = Object.hasOwn(a, name) ? merged(a[name], value) : value;
  return result;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

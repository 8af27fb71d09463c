/** An object as the executor walks it: only what the caller may see. Records below lie under `@` + response key. */
export type GateObject = Record<string, unknown>;

/** The property that holds a relation's objects: `@` cannot stand in a field's name, so nothing collides. */
export function slot(responseKey: string): string {
  return `@${responseKey}`;
}

/** Objects back to their parents; hidden ones (null) leave no gap. */
export function regroup<T>(
  groups: readonly (readonly unknown[])[],
  objects: readonly (T | null)[],
  list: boolean,
): (T[] | T | null)[] {
  let at = 0;
  return groups.map((group) => {
    const own: T[] = [];
    for (const end = at + group.length; at < end; at++) {
      const object = objects[at];
      if (object !== null && object !== undefined) own.push(object);
    }
    return list ? own : (own[0] ?? null);
  });
}

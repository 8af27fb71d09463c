/**
 * Something to be loaded for objects that passed already. It is begun only once all that passes at once has passed, so
 * that a fault there leaves nothing running that nobody waits for.
 */
export type Load = () => Promise<void>;

/** Begins the loads side by side and waits for all of them. */
export async function settle(loads: readonly Load[]): Promise<void> {
  const [only] = loads;
  if (loads.length === 1 && only !== undefined) await only();
  else if (loads.length > 1) await Promise.all(loads.map((load) => load()));
}

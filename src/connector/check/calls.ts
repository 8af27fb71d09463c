import type { Stand } from './stand.ts';

/** What the source was asked while this ran: requests as they came over HTTP, else the statements that the driver told of. */
export async function callsOf(stand: Stand, run: () => Promise<unknown>): Promise<readonly string[]> {
  const { way, statements } = stand;
  if (way.kind !== 'http') {
    const before = statements.length;
    await run();
    return statements.slice(before);
  }
  await way.proxy.set({ kind: 'watch' });
  const before = way.proxy.requests().length;
  try {
    await run();
  } finally {
    await way.proxy.set({ kind: 'none' });
  }
  return way.proxy.requests().slice(before);
}

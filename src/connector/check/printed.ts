import { inspect } from 'node:util';

/** What this process writes to its standard streams and by `console` while this runs. It is written all the same. */
export async function printedBy(run: () => Promise<unknown>): Promise<string> {
  const texts: string[] = [];
  const undo: (() => void)[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...of: readonly unknown[]) => boolean;
    const own = Object.getOwnPropertyDescriptor(stream, 'write');
    stream.write = (...of: readonly unknown[]): boolean => {
      texts.push(of[0] instanceof Uint8Array ? Buffer.from(of[0]).toString('utf8') : String(of[0]));
      return write(...of);
    };
    undo.push(() => {
      if (own === undefined) Reflect.deleteProperty(stream, 'write');
      else Object.defineProperty(stream, 'write', own);
    });
  }
  // A test runner's console leads elsewhere.
  for (const name of ['debug', 'info', 'log', 'warn', 'error', 'dir', 'table', 'trace'] as const) {
    const write = console[name].bind(console) as (...of: readonly unknown[]) => void;
    const before = console[name];
    console[name] = ((...of: readonly unknown[]): void => {
      texts.push(inspect(of, { depth: 8, maxStringLength: null, maxArrayLength: null }));
      write(...of);
    }) as typeof before;
    undo.push(() => (console[name] = before));
  }
  try {
    await run();
  } finally {
    for (const one of undo) one();
  }
  return texts.join('\n');
}

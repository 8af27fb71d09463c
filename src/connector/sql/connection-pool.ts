import type { Condition } from './condition.ts';
import type { SqlRow } from './database.ts';

/** One session on a database server. */
export interface SqlConnection {
  /**
   * Rejects with the driver's own error, also when the connection is destroyed meanwhile, and with `TooLargeError`, after
   * which it is of no more use.
   */
  query(statement: Condition): Promise<readonly SqlRow[]>;
  /** Ends on the server what runs here, through a connection of its own. Resolves once that was asked, or could not be. */
  kill(): Promise<void>;
  /** Whether it broke since it was opened. */
  broken(): boolean;
  /** Takes leave of the server; for a connection on which nothing runs. Resolves in any case, before long. */
  end(): Promise<void>;
  /** Cuts it off at once. */
  destroy(): void;
}

export interface PoolOptions {
  readonly connect: () => Promise<SqlConnection>;
  /** Connections, at most. */
  readonly max: number;
  /** Milliseconds after which an unused connection is closed: firewalls drop such ones without a word. */
  readonly idleMilliseconds: number;
  /** Milliseconds for which a load waits for a connection. */
  readonly waitMilliseconds: number;
}

export interface ConnectionPool {
  /** An unused connection, where there is one at once. */
  take(): SqlConnection | null;
  /**
   * An unused connection, a new one, or the next that is given back. Rejects with the signal's reason, with `PoolBusyError`,
   * or as `connect` does.
   */
  acquire(signal: AbortSignal): Promise<SqlConnection>;
  /** `spoiled`: something may still run on it. */
  release(connection: SqlConnection, spoiled: boolean): void;
  /** Ends every connection, and what runs on them. */
  close(): Promise<void>;
}

/** No connection became free in time. */
export class PoolBusyError extends Error {
  constructor() {
    super('no connection became free');
    this.name = 'PoolBusyError';
  }
}

interface Waiter {
  readonly take: (connection: SqlConnection) => void;
  readonly fail: (error: Error) => void;
}

/**
 * Connections that are opened when they are needed. The drivers' own pools read a password once for all time, and do not
 * let a caller who gave up leave the queue.
 */
export function connectionPool({ connect, max, idleMilliseconds, waitMilliseconds }: PoolOptions): ConnectionPool {
  /** Each with the time since which it is unused, by `performance.now()`; the one used last stands last. */
  const idle: { readonly connection: SqlConnection; readonly since: number }[] = [];
  const busy = new Set<SqlConnection>();
  const waiting = new Set<Waiter>();
  let opening = 0;
  let closed = false;
  let sweep: NodeJS.Timeout | undefined;

  /** The one used last: the others may then grow old. */
  const takeIdle = (): SqlConnection | null => {
    for (let last = idle.pop(); last !== undefined; last = idle.pop()) {
      const { connection } = last;
      if (connection.broken()) connection.destroy();
      else {
        busy.add(connection);
        return connection;
      }
    }
    return null;
  };

  const give = (waiter: Waiter): boolean => {
    const connection = takeIdle();
    if (connection === null) return false;
    waiting.delete(waiter);
    waiter.take(connection);
    return true;
  };

  /** Closes what is unused for too long, now and when the next one will be. */
  const expire = (): void => {
    sweep = undefined;
    const now = performance.now();
    for (let [oldest] = idle; oldest !== undefined; [oldest] = idle) {
      const left = oldest.since + idleMilliseconds - now;
      if (left > 0) {
        sweep = setTimeout(expire, left).unref();
        return;
      }
      idle.shift();
      if (oldest.connection.broken()) oldest.connection.destroy();
      else void oldest.connection.end();
    }
  };

  const open = async (): Promise<void> => {
    opening += 1;
    try {
      const connection = await connect();
      release(connection, false);
    } catch (error) {
      // While others stand, somebody else may still get one; while none does, all would only find out the same.
      const [first] = waiting;
      for (const waiter of busy.size === 0 || first === undefined ? waiting : [first]) waiter.fail(error as Error);
    } finally {
      opening -= 1;
      serve();
    }
  };

  /** Gives what is unused to those who wait, and opens what they still lack. */
  const serve = (): void => {
    for (const waiter of waiting) if (!give(waiter)) break;
    while (opening < waiting.size && busy.size + idle.length + opening < max) void open();
  };

  const release = (connection: SqlConnection, spoiled: boolean): void => {
    busy.delete(connection);
    if (spoiled || connection.broken()) connection.destroy();
    else if (closed) void connection.end();
    else {
      idle.push({ connection, since: performance.now() });
      sweep ??= setTimeout(expire, idleMilliseconds).unref();
    }
    if (waiting.size > 0) serve();
  };

  return {
    take: () => (closed || waiting.size > 0 ? null : takeIdle()),
    acquire(signal) {
      return new Promise((resolve, reject) => {
        const leave = (): void => waiter.fail(signal.reason as Error);
        const settled = (): void => {
          waiting.delete(waiter);
          clearTimeout(timer);
          signal.removeEventListener('abort', leave);
        };
        const waiter: Waiter = {
          take(connection) {
            settled();
            resolve(connection);
          },
          fail(error) {
            settled();
            reject(error);
          },
        };
        const timer = setTimeout(() => waiter.fail(new PoolBusyError()), waitMilliseconds);
        if (closed) return waiter.fail(new Error('the pool is closed'));
        if (signal.aborted) return leave();
        signal.addEventListener('abort', leave, { once: true });
        waiting.add(waiter);
        serve();
      });
    },
    release,
    async close() {
      closed = true;
      for (const waiter of waiting) waiter.fail(new Error('the pool is closed'));
      const cut = [...busy].map((connection) => {
        connection.destroy();
        return connection.kill();
      });
      clearTimeout(sweep);
      const left = idle.splice(0).map(({ connection }) => connection.end());
      await Promise.all([...cut, ...left]);
    },
  };
}

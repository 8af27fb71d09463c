/** One session on a database server. */
export interface SqlConnection {
  /** Rejects with the driver's own error, also when the connection is destroyed meanwhile. */
  query(sql: string, bindings: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
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
  const idle = new Map<SqlConnection, NodeJS.Timeout>();
  const busy = new Set<SqlConnection>();
  const waiting = new Set<Waiter>();
  let opening = 0;
  let closed = false;

  /** Takes it out of the unused ones; whether it can be used. */
  const leaveIdle = (connection: SqlConnection): boolean => {
    clearTimeout(idle.get(connection));
    idle.delete(connection);
    if (connection.broken()) connection.destroy();
    return !connection.broken();
  };

  const give = (waiter: Waiter): boolean => {
    // The one used last: the others may then grow old.
    for (const connection of [...idle.keys()].toReversed()) {
      if (!leaveIdle(connection)) continue;
      waiting.delete(waiter);
      busy.add(connection);
      waiter.take(connection);
      return true;
    }
    return false;
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
    while (opening < waiting.size && busy.size + idle.size + opening < max) void open();
  };

  const release = (connection: SqlConnection, spoiled: boolean): void => {
    busy.delete(connection);
    if (spoiled || connection.broken()) connection.destroy();
    else if (closed) void connection.end();
    else {
      const expire = (): void => {
        if (leaveIdle(connection)) void connection.end();
      };
      idle.set(connection, setTimeout(expire, idleMilliseconds).unref());
    }
    serve();
  };

  return {
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
      const left = [...idle.keys()].filter(leaveIdle).map((connection) => connection.end());
      await Promise.all([...cut, ...left]);
    },
  };
}

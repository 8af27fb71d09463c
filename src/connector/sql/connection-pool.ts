/** One session on a database server. */
export interface SqlConnection {
  /** Rejects with the driver's own error. */
  query(sql: string, bindings: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Ends on the server what runs here, through a connection of its own. Resolves once that was asked, or could not be. */
  kill(): Promise<void>;
  /** Whether it broke since it was opened. */
  readonly broken: () => boolean;
  /** Ends it at once. */
  destroy(): void;
}

export interface PoolOptions {
  readonly connect: () => Promise<SqlConnection>;
  /** Connections, at most. */
  readonly max: number;
  /** Milliseconds after which an unused connection is closed: firewalls drop such ones without a word. */
  readonly idleMilliseconds: number;
}

export interface ConnectionPool {
  /** An unused connection, a new one, or the next that is given back. Rejects with the signal's reason, or as `connect` does. */
  acquire(signal: AbortSignal): Promise<SqlConnection>;
  /** `spoiled`: something may still run on it. */
  release(connection: SqlConnection, spoiled: boolean): void;
  /** Ends every connection. */
  close(): void;
}

interface Waiter {
  readonly take: (connection: SqlConnection) => void;
  readonly fail: (error: Error) => void;
}

/**
 * Connections that are opened when they are needed. The drivers' own pools read a password once for all time, and do not
 * let a caller who gave up leave the queue.
 */
export function connectionPool({ connect, max, idleMilliseconds }: PoolOptions): ConnectionPool {
  const idle = new Map<SqlConnection, NodeJS.Timeout>();
  const busy = new Set<SqlConnection>();
  const waiting = new Set<Waiter>();
  let opening = 0;
  let closed = false;

  const drop = (connection: SqlConnection): void => {
    clearTimeout(idle.get(connection));
    idle.delete(connection);
    busy.delete(connection);
    connection.destroy();
  };

  const takeIdle = (): SqlConnection | undefined => {
    // The one used last: the others may then grow old.
    for (const connection of [...idle.keys()].toReversed()) {
      if (connection.broken()) drop(connection);
      else {
        clearTimeout(idle.get(connection));
        idle.delete(connection);
        return connection;
      }
    }
    return undefined;
  };

  const give = (connection: SqlConnection, waiter: Waiter): void => {
    waiting.delete(waiter);
    busy.add(connection);
    waiter.take(connection);
  };

  const open = async (): Promise<void> => {
    opening += 1;
    try {
      const connection = await connect();
      busy.add(connection);
      release(connection, closed);
    } catch (error) {
      // Whoever waits would only find out the same, one after the other.
      for (const waiter of waiting) waiter.fail(error as Error);
      waiting.clear();
    } finally {
      opening -= 1;
      serve();
    }
  };

  /** Gives what is unused to those who wait, and opens what they still lack. */
  const serve = (): void => {
    for (const waiter of waiting) {
      const connection = takeIdle();
      if (connection === undefined) break;
      give(connection, waiter);
    }
    while (opening < waiting.size && busy.size + idle.size + opening < max) void open();
  };

  const release = (connection: SqlConnection, spoiled: boolean): void => {
    busy.delete(connection);
    if (spoiled || closed || connection.broken()) drop(connection);
    else idle.set(connection, setTimeout(() => drop(connection), idleMilliseconds).unref());
    serve();
  };

  return {
    acquire(signal) {
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.delete(waiter);
          reject(signal.reason as Error);
        };
        const waiter: Waiter = {
          take(connection) {
            signal.removeEventListener('abort', leave);
            resolve(connection);
          },
          fail(error) {
            signal.removeEventListener('abort', leave);
            reject(error);
          },
        };
        if (closed) return reject(new Error('the pool is closed'));
        if (signal.aborted) return leave();
        signal.addEventListener('abort', leave, { once: true });
        waiting.add(waiter);
        serve();
      });
    },
    release,
    close() {
      closed = true;
      for (const waiter of waiting) waiter.fail(new Error('the pool is closed'));
      waiting.clear();
      for (const connection of [...idle.keys(), ...busy]) drop(connection);
    },
  };
}

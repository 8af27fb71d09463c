import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands before a server of another's, so that a test can let it fail. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that stand now. */
  connections(): number;
  /** Closes the port and every connection, as a server that stops. */
  stop(): Promise<void>;
  /** Opens the same port again. */
  start(): Promise<void>;
  /** Says nothing more on any connection, new ones included, until it is called with false. */
  stall(stalled: boolean): void;
  /** Lets no more than so many bytes of the server's through on each new connection. */
  stallAfter(bytes: number): void;
}

export async function tcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  let stalled = false;
  let clients = 0;
  let most = Infinity;
  const accept = (client: Socket): void => {
    const upstream = connect(target, '127.0.0.1');
    clients += 1;
    client.on('close', () => (clients -= 1));
    let left = most;
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (stalled) return;
        if (from === client) return void to.write(chunk);
        if (left > 0) to.write(chunk.subarray(0, left));
        left -= chunk.length;
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  };
  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server = createServer(accept);
      server.on('error', reject);
      server.listen(port, '127.0.0.1', () => {
        const address = server?.address();
        if (address !== null && typeof address === 'object') port = address?.port ?? 0;
        resolve();
      });
    });
  await start();
  return {
    get port() {
      return port;
    },
    connections: () => clients,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        if (server === undefined) return resolve();
        server.close(() => resolve());
        server = undefined;
      }),
    start,
    stall: (on) => (stalled = on),
    stallAfter: (bytes) => (most = bytes),
  };
}

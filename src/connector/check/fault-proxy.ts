import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { forward, halfOf, type HttpCopy } from './http-copy.ts';

/** What lies between a driver and its source. */
export type Fault =
  | { readonly kind: 'none' }
  /** Nothing listens. */
  | { readonly kind: 'refuse' }
  /** The connection is reset when something is asked. */
  | { readonly kind: 'reset' }
  /** The connection ends after so many bytes of the answer. */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** The answer begins so many milliseconds late. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The answer comes byte by byte, so many milliseconds apart. */
  | { readonly kind: 'trickle'; readonly milliseconds: number }
  /** HTTP: this is answered instead; `echo` puts what was asked into the body. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
      readonly echo?: boolean;
    }
  /** HTTP: half of the body, and the connection ends where the rest should come (`cut`) or the half is said to be all. */
  | { readonly kind: 'halve'; readonly cut: boolean }
  /** HTTP: what is asked is noted, and answered by the source. */
  | { readonly kind: 'watch' }
  /** HTTP: the first answer of each address is given again and again. */
  | { readonly kind: 'replay' };

export interface FaultProxy {
  readonly port: number;
  /** How often something was asked through it: requests, or packets of another protocol. */
  asked(): number;
  /** HTTP: each request that came while the fault was `watch`: method, address and body. */
  requests(): readonly string[];
  /** Connections to it that are open. */
  connections(): number;
  set(fault: Fault): Promise<void>;
  close(): Promise<void>;
}

interface Target {
  readonly host: string;
  readonly port: number;
}

interface Connection {
  readonly client: Socket;
  readonly upstream: Socket;
  /** A fault has held something of it back: it is of no use for another fault. */
  tainted: boolean;
  /** Bytes that are still to trickle, in their order. */
  readonly held: number[];
}

/** A proxy on 127.0.0.1 that does to the traffic of one source what networks and gateways do. */
export async function startFaultProxy(target: Target): Promise<FaultProxy> {
  let fault: Fault = { kind: 'none' };
  let asked = 0;
  const sockets = new Set<Socket>();
  const connections = new Set<Connection>();
  const timers = new Set<NodeJS.Timeout>();
  const kept = new Map<string, HttpCopy>();
  const watched: string[] = [];

  const later = (milliseconds: number, run: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, milliseconds);
    timers.add(timer);
  };

  const http = createHttpServer({ keepAlive: false }, (request, response) => {
    asked += 1;
    const chunks: Buffer[] = [];
    request.on('error', () => response.destroy());
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const of = fault;
      const name = `${request.method ?? ''} ${(request.url ?? '').split('?')[0]}`;
      const give = ({ status, headers, body: text }: HttpCopy): void =>
        void response.writeHead(status, { ...headers, connection: 'close' }).end(text);
      const fetched = async (): Promise<HttpCopy> => forward(target, request, body);
      switch (of.kind) {
        case 'answer': {
          const text = of.echo === true ? `${of.body} ${decodeURI(request.url ?? '')} ${body.toString()}` : of.body;
          give({ status: of.status, headers: of.headers ?? {}, body: Buffer.from(text) });
          return;
        }
        case 'halve':
          fetched().then(
            (whole) => {
              if (!of.cut) return give(halfOf(whole));
              const headers = { ...whole.headers, 'content-length': String(whole.body.length), connection: 'close' };
              response.writeHead(whole.status, headers);
              response.write(halfOf(whole).body, () => response.socket?.destroy());
            },
            () => response.destroy(),
          );
          return;
        case 'watch':
          watched.push(`${request.method ?? ''} ${request.url ?? ''} ${body.toString()}`);
          fetched().then(give, () => response.destroy());
          return;
        case 'replay': {
          const again = kept.get(name);
          if (again !== undefined) return give(again);
          fetched().then(
            (first) => {
              kept.set(name, first);
              give(first);
            },
            () => response.destroy(),
          );
          return;
        }
        default:
          response.destroy();
      }
    });
  });

  const trickle = (connection: Connection, milliseconds: number): void =>
    later(milliseconds, () => {
      const byte = connection.held.shift();
      if (byte !== undefined) connection.client.write(Buffer.of(byte));
      if (connection.held.length > 0) trickle(connection, milliseconds);
    });

  const pass = (connection: Connection, chunk: Buffer): void => {
    const { client } = connection;
    const of = fault;
    switch (of.kind) {
      case 'cut':
        connection.tainted = true;
        client.write(chunk.subarray(0, Math.max(0, of.bytes - client.bytesWritten)), () => {
          if (client.bytesWritten >= of.bytes) client.destroy();
        });
        return;
      case 'delay':
        connection.tainted = true;
        later(of.milliseconds, () => client.write(chunk));
        return;
      case 'trickle':
        connection.tainted = true;
        connection.held.push(...chunk);
        // One byte after the other, whichever chunk it came in.
        if (connection.held.length === chunk.length) trickle(connection, of.milliseconds);
        return;
      default:
        client.write(chunk);
    }
  };

  const accept = (client: Socket): void => {
    sockets.add(client);
    const upstream = connect(target);
    const connection: Connection = { client, upstream, tainted: false, held: [] };
    connections.add(connection);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      sockets.delete(client);
      connections.delete(connection);
    };
    client.on('close', end).on('error', end);
    upstream.on('error', end);
    upstream.on('close', () => {
      // What is held back still has to come.
      if (!connection.tainted && connections.has(connection)) client.end();
    });
    upstream.on('data', (chunk: Buffer) => pass(connection, chunk));
    const onData = (chunk: Buffer): void => {
      switch (fault.kind) {
        case 'refuse':
          end();
          return;
        case 'reset':
          client.resetAndDestroy();
          return;
        case 'answer':
        case 'halve':
        case 'watch':
        case 'replay':
          // From here on the connection speaks to us instead of to the source.
          client.off('data', onData);
          connections.delete(connection);
          upstream.destroy();
          client.pause();
          client.unshift(chunk);
          http.emit('connection', client);
          client.resume();
          return;
        default:
          asked += 1;
          upstream.write(chunk);
      }
    };
    client.on('data', onData);
  };

  const server: Server = createServer(accept);
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  return {
    port,
    asked: () => asked,
    requests: () => watched,
    connections: () => sockets.size,
    async set(next) {
      fault = next;
      kept.clear();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      for (const { client, tainted } of connections) if (tainted) client.destroy();
      if (next.kind === 'refuse') await stop();
      else if (!server.listening) await listen(port);
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await stop();
    },
  };
}

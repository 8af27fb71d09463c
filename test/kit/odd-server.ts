import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as bodyOf } from 'node:stream/consumers';

export interface OddRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface OddServer {
  readonly url: string;
  readonly requests: OddRequest[];
  /** Requests being answered now, and the most there were. */
  readonly load: { now: number; most: number };
  close(): Promise<void>;
}

export type OddAnswer = (request: OddRequest, response: ServerResponse) => void | Promise<void>;

/** A hand-written HTTP service that answers as a test wants it to, however odd. */
export async function oddServer(
  answer: OddAnswer,
  make: (handler: (request: IncomingMessage, response: ServerResponse) => void) => Server = (handler) =>
    createServer(handler),
  scheme = 'http',
): Promise<OddServer> {
  const requests: OddRequest[] = [];
  const load = { now: 0, most: 0 };
  const server = make((request, response) => {
    load.now += 1;
    load.most = Math.max(load.most, load.now);
    response.once('close', () => (load.now -= 1));
    void bodyOf(request).then(async (body) => {
      const { method = '', url: target = '', headers } = request;
      const asked = { method, target, headers, body };
      requests.push(asked);
      await answer(asked, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    requests,
    load,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

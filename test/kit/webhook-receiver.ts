import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A delivery as it came over the wire. */
export interface Received {
  readonly event: { readonly eventId: string; readonly kind: string; readonly ticketNo: string; readonly at: string };
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

/** What the endpoint does with a delivery: a status, or it hangs, breaks off, or answers by hand. */
export type Behaviour = number | 'hang' | 'reset' | ((answer: ServerResponse) => void);

/** An agency's endpoint on a free port of 127.0.0.1. */
export interface Receiver {
  readonly url: string;
  readonly host: string;
  readonly received: Received[];
  /** Decides on each delivery; 204 for all at first. */
  behave(of: (received: Received, before: number) => Behaviour): void;
  close(): Promise<void>;
}

export async function webhookReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let behaviour: (received: Received, before: number) => Behaviour = () => 204;
  const server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const one: Received = { event: JSON.parse(body) as Received['event'], body, headers: request.headers };
      const before = received.filter(({ event }) => event.eventId === one.event.eventId).length;
      received.push(one);
      const does = behaviour(one, before);
      if (does === 'hang') return;
      if (does === 'reset') return void request.socket.destroy();
      if (typeof does === 'function') return does(answer);
      answer.writeHead(does).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/hooks/lianqiao`,
    host,
    received,
    behave: (of) => {
      behaviour = of;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What `Lianqiao-Signature` must hold for this secret. */
export function signed({ headers, body }: Received, secret: string): string {
  const timestamp = String(headers['lianqiao-timestamp']);
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

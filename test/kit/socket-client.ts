import { WebSocket } from 'ws';
import type { Asker, RunningHub } from './running-hub.ts';

export interface Frame {
  readonly id?: string;
  readonly type: string;
  readonly payload?: {
    readonly data?: Record<string, unknown> | null;
    readonly errors?: readonly { readonly extensions: Record<string, unknown> }[];
    readonly extensions?: Record<string, unknown>;
  } & readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A client that speaks graphql-transport-ws by hand, so that a test sees every frame. */
export interface SocketClient {
  readonly socket: WebSocket;
  /** Every frame that came and was not taken yet. */
  readonly frames: Frame[];
  readonly closed: Promise<Closed>;
  send(frame: object): void;
  /** Subscribes under this id. */
  subscribe(id: string, query: string, variables?: Readonly<Record<string, unknown>>): void;
  /** The next frame that is of this id. */
  next(id: string): Promise<Frame>;
  close(): Promise<void>;
}

export async function openSocket(url: string, init: object | null): Promise<SocketClient> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const frames: Frame[] = [];
  let arrived: () => void = () => undefined;
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString('utf8')) as Frame);
    arrived();
  });
  const closed = new Promise<Closed>((resolve) => {
    socket.on('close', (code, reason) => {
      resolve({ code, reason: reason.toString('utf8') });
      arrived();
    });
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const send = (frame: object): void => socket.send(JSON.stringify(frame));
  const take = async (fits: (frame: Frame) => boolean): Promise<Frame> => {
    for (;;) {
      const at = frames.findIndex(fits);
      const [frame] = at < 0 ? [] : frames.splice(at, 1);
      if (frame !== undefined) return frame;
      if (socket.readyState === WebSocket.CLOSED) throw new Error(`closed: ${JSON.stringify(await closed)}`);
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
    }
  };
  if (init !== null) {
    send({ type: 'connection_init', payload: init });
    await Promise.race([take((f) => f.type === 'connection_ack').catch(() => null), closed]);
  }
  return {
    socket,
    frames,
    closed,
    send,
    subscribe: (id, query, variables) => send({ id, type: 'subscribe', payload: { query, variables } }),
    next: (id) => take((f) => f.id === id),
    async close() {
      socket.close();
      await closed;
    },
  };
}

/** The socket of somebody who asks. */
export async function socketOf(hub: RunningHub, asker: Asker): Promise<SocketClient> {
  const { purpose, ticket, reason } = asker;
  return openSocket(hub.url, { authorization: `Bearer ${await hub.token(asker.claims)}`, purpose, ticket, reason });
}

/** Waits until a subscription that was sent has begun: a later operation on the same connection is answered after it. */
export async function settled(client: SocketClient): Promise<void> {
  const id = `settled-${Math.random()}`;
  client.subscribe(id, '{ __typename }');
  await client.next(id);
  await client.next(id);
}

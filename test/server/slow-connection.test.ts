import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askers } from '../hub/askers.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

/** Sends the text, then one character each 200 ms until the server ends it; the first line that came back, and the time. */
async function trickle(head: string, rest: string): Promise<{ answer: string; seconds: number }> {
  const startedAt = performance.now();
  const socket = connect(Number(new URL(hub.url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
  // The server may reset the connection while a character is on its way.
  socket.on('error', () => undefined);
  socket.write(head);
  let at = 0;
  const timer = setInterval(() => socket.write(rest[at++ % rest.length] ?? 'x'), 200);
  await new Promise((resolve) => socket.on('close', resolve));
  clearInterval(timer);
  return { answer: answer.split('\r\n', 1)[0] ?? '', seconds: (performance.now() - startedAt) / 1_000 };
}

test('headers that trickle are cut off', async () => {
  const { answer, seconds } = await trickle('POST /graphql HTTP/1.1\r\nHost: hub\r\nX-Slow: ', 'a');
  expect(answer).toBe('HTTP/1.1 408 Request Timeout');
  expect(seconds).toBeLessThan(10);
});

test('a body that trickles is cut off, and nothing is asked of a source', async () => {
  hub.takeStatements();
  const token = await hub.token(askers.police.claims);
  const head = `POST /graphql HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n`;
  const { answer, seconds } = await trickle(head, '{');
  expect(answer).toBe('HTTP/1.1 408 Request Timeout');
  expect(seconds).toBeLessThan(10);
  expect(hub.takeStatements()).toEqual([]);
});

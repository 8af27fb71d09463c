import { Agent, request } from 'undici';
import { z } from 'zod';
import { signedHeadShape, type Cosignature, type Head, type SignedHead } from '../format/head.ts';
import type { LogId } from '../format/log-id.ts';
import { hash, logId } from '../format/shapes.ts';

/** The hub does not answer as a hub does; the message says how, without anything that it sent. */
export class HubAnswerError extends Error {
  override readonly name = 'HubAnswerError';
}

/** What a hub tells its witnesses. All reject with `HubAnswerError`. */
export interface HubLogs {
  logs(): Promise<readonly { readonly log: LogId; readonly head: SignedHead | null }[]>;
  consistency(log: LogId, from: number): Promise<{ readonly head: SignedHead; readonly proof: readonly Buffer[] }>;
  bring(head: Head, cosignature: Cosignature): Promise<void>;
  close(): Promise<void>;
}

const milliseconds = 15_000;
/** 64 logs, each head with as many cosignatures as it may carry, are less. */
const mostBytes = 64 * 1024 * 1024;

const logsAnswer = z.strictObject({
  logs: z.array(z.strictObject({ log: logId, head: signedHeadShape.nullable() })).max(1_000),
});
const consistencyAnswer = z.strictObject({ head: signedHeadShape, proof: z.array(hash).max(64) });
const keptAnswer = z.strictObject({ status: z.literal('KEPT') });
const refusal = z.looseObject({
  errors: z
    .tuple([
      z.looseObject({
        extensions: z.looseObject({
          code: z.string().regex(/^[A-Z_]{1,40}$/),
          reason: z
            .string()
            .regex(/^[A-Z_]{1,40}$/)
            .optional(),
        }),
      }),
    ])
    .rest(z.unknown()),
});

/** The hub at this address. TypeError when it is none of HTTP. */
export function hubLogs(address: string): HubLogs {
  const base = new URL(address.endsWith('/') ? address : `${address}/`);
  if (!/^https?:$/.test(base.protocol)) throw new TypeError('the address of a hub begins with http:// or https://');
  const dispatcher = new Agent({
    connect: { timeout: milliseconds },
    headersTimeout: milliseconds,
    bodyTimeout: milliseconds,
    maxResponseSize: mostBytes,
  });
  const ask = async <T>(path: string, shape: z.ZodType<T>, body?: object): Promise<T> => {
    let answer: { readonly status: number; readonly json: unknown };
    try {
      const response = await request(new URL(path, base), {
        dispatcher,
        signal: AbortSignal.timeout(4 * milliseconds),
        ...(body === undefined
          ? {}
          : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      answer = { status: response.statusCode, json: await response.body.json() };
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      throw new HubAnswerError(`${base.origin} does not answer${typeof code === 'string' ? ` (${code})` : ''}`);
    }
    const refused = refusal.safeParse(answer.json).data?.errors[0].extensions;
    if (refused !== undefined)
      throw new HubAnswerError(
        `the hub refuses ${path.split('?')[0]}: ${[refused.code, refused.reason ?? []].flat().join(' ')}`,
      );
    const parsed = shape.safeParse(answer.json);
    if (answer.status !== 200 || !parsed.success)
      throw new HubAnswerError(
        `the hub answers ${path.split('?')[0]} with what is none of its answers (${answer.status})`,
      );
    return parsed.data;
  };
  return {
    logs: async () => (await ask('ledger/logs', logsAnswer)).logs,
    async consistency(log, from) {
      const { head, proof } = await ask(`ledger/logs/${log}/consistency?from=${from}`, consistencyAnswer);
      return { head, proof: proof.map((one) => Buffer.from(one, 'base64url')) };
    },
    async bring(head, cosignature) {
      await ask('ledger/cosignatures', keptAnswer, { cosignature, head });
    },
    close: () => dispatcher.close(),
  };
}

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { codedError } from '../errors/coded-error.ts';
import type { ErrorCode } from '../errors/codes.ts';
import { cosignatureShape, headShape } from '../ledger/format/head.ts';
import type { WitnessDesk } from '../ledger/witnesses/witness-desk.ts';
import { LedgerUnavailableError } from '../ledger/writer/group-commit.ts';

const brought = z.strictObject({ cosignature: cosignatureShape, head: headShape });

/** `/ledger/…`, for witnesses: nothing of an entry leaves, and what is brought is proved by its signature. No token. */
export function ledgerRoutes(app: FastifyInstance, desk: WitnessDesk, logger: Logger): void {
  app.get('/ledger/logs', async () => ({ logs: desk.logs() }));

  app.get<{ Params: { log: string }; Querystring: { from?: unknown } }>(
    '/ledger/logs/:log/consistency',
    async ({ params, query }, reply) => {
      const { from } = query;
      const answer = desk.consistency(
        params.log,
        typeof from === 'string' && /^\d{1,16}$/.test(from) ? Number(from) : 0,
      );
      switch (answer.kind) {
        case 'PROVED':
          return { head: answer.head, proof: answer.proof };
        case 'NO_LOG':
          return refuse(reply, 404, 'NOT_FOUND', 'the ledger has no such log, or no signed head of it yet');
        case 'NO_SIZE': {
          const { size } = answer;
          return refuse(reply, 400, 'BAD_USER_INPUT', `from must be a whole number from 1 to ${size}`, { size });
        }
      }
    },
  );

  app.post('/ledger/cosignatures', async ({ body }, reply) => {
    const parsed = brought.safeParse(body);
    if (!parsed.success) {
      const place = parsed.error.issues[0]?.path.join('.') || 'the body';
      return refuse(
        reply,
        400,
        'BAD_USER_INPUT',
        `${place} is wrong; send { cosignature, head } of docs/ledger-format.md`,
      );
    }
    try {
      const reason = await desk.keep(parsed.data.head, parsed.data.cosignature);
      return reason === null
        ? { status: 'KEPT' }
        : await refuse(reply, 422, 'COSIGNATURE_REFUSED', 'the cosignature is not kept; docs/errors.md', { reason });
    } catch (error) {
      if (!(error instanceof LedgerUnavailableError)) throw error;
      logger.error({ fault: error.fault, code: error.code }, 'a cosignature cannot be kept');
      return refuse(reply, 503, 'LEDGER_UNAVAILABLE', 'the cosignature cannot be kept now; try again later');
    }
  });
}

async function refuse(
  reply: FastifyReply,
  status: number,
  code: ErrorCode,
  message: string,
  extensions: Readonly<Record<string, unknown>> = {},
): Promise<FastifyReply> {
  return reply.code(status).send({ errors: [codedError(code, message, { extensions })] });
}

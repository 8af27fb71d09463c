import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** An HTTP answer that was read to its end. */
export interface HttpCopy {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the source answers to this request. */
export function forward(
  target: { readonly host: string; readonly port: number },
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<HttpCopy> {
  return new Promise((resolve, reject) => {
    const call = request(
      { ...target, ...(method === undefined ? {} : { method }), path: url ?? '/', headers, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('error', reject);
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 502, headers: kept(answer.headers), body: Buffer.concat(chunks) }),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** The first half of its body, said to be all. */
export function halfOf({ status, headers, body }: HttpCopy): HttpCopy {
  return { status, headers, body: body.subarray(0, Math.floor(body.length / 2)) };
}

/** Headers that say how the body came, not what it is, are for us to set. */
function kept(headers: IncomingHttpHeaders): Record<string, string> {
  const own = ['transfer-encoding', 'content-length', 'connection', 'keep-alive'];
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      own.includes(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

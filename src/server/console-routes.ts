import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../config/config.ts';
import { showcase } from '../city/showcase.ts';
import type { DemoIssuer } from '../identity/demo-issuer.ts';
import { demoCallers } from './demo-callers.ts';

/** Only our own scripts, styles, fonts and requests: the pages work with no internet. */
const contentSecurity =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const loopbackNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

/** `/console` and `/explorer`, and in the demo the callers that the console can speak as. */
export async function consoleRoutes(
  app: FastifyInstance,
  demoIssuer: DemoIssuer | null,
  root: string,
  config: LoadedConfig,
): Promise<void> {
  const pages = join(root, 'dist', 'console');
  if (existsSync(join(pages, 'index.html'))) {
    await app.register(fastifyStatic, {
      root: pages,
      prefix: '/console/assets/',
      index: false,
      // The build names its files by their content, so a name never changes its meaning; only the pages do.
      maxAge: '30d',
      immutable: true,
      setHeaders: (reply) => void reply.header('content-security-policy', contentSecurity),
    });
    for (const [url, file] of [
      ['/console', 'index.html'],
      ['/explorer', 'explorer.html'],
    ] as const) {
      app.get(url, async (_request, reply) => reply.sendFile(file, pages, { maxAge: 0, immutable: false }));
    }
    app.get('/', async (_request, reply) => reply.redirect('/console'));
  }
  if (demoIssuer === null) return;
  // The demo issuer exists on loopback only, and so do these tokens.
  app.get('/console/demo-callers.json', async (request, reply) => {
    // A page of another site whose name was made to resolve to this machine (DNS rebinding) sends its own host name.
    if (!loopbackNames.has(request.hostname)) return reply.callNotFound();
    const callers = demoCallers(config).map(async ({ id, label, purpose, claims }) => ({
      id,
      label,
      purpose,
      token: await demoIssuer.issue(claims, 3_600),
    }));
    return { ticketNo: showcase.ticketNo, callers: await Promise.all(callers) };
  });
}

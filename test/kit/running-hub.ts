import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { inject } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { createHub, type Hub } from '../../src/hub/hub.ts';
import { DemoIssuer, type DemoClaims } from '../../src/identity/demo-issuer.ts';
import type { Purpose } from '../../src/identity/principal.ts';
import { createVerifier } from '../../src/identity/verify.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { createServer } from '../../src/server/server.ts';

/** Somebody who asks: token claims, and the headers that it sends. */
export interface Asker {
  readonly claims: DemoClaims;
  readonly purpose?: Purpose;
  readonly ticket?: string;
  readonly reason?: string;
}

export interface Answer {
  readonly status: number;
  /** The body as it came over the wire. */
  readonly text: string;
  readonly data: unknown;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions: Record<string, unknown>;
  }[];
  readonly extensions: Record<string, unknown>;
}

export interface RunningHub {
  readonly url: string;
  readonly dataDir: string;
  readonly hub: Hub;
  /** Statements sent to sources since the last `takeStatements`. */
  takeStatements(): { readonly agency: string; readonly sql: string }[];
  ask(asker: Asker, query: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>;
  token(claims: DemoClaims): Promise<string>;
  /** Everything that the hub logged. */
  logged(): string;
  /** `before` the data folder is removed. */
  close(before?: () => void): Promise<void>;
}

/**
 * A hub on a copy of the seeded city, listening on a free port of 127.0.0.1: tests talk to it over a real socket. `root`
 * is the folder of its schema and policies.
 */
export async function startHub(
  env: Readonly<Record<string, string>> = {},
  now?: () => number,
  root: string = projectRoot,
): Promise<RunningHub> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-hub-'));
  cpSync(inject('city'), dataDir, { recursive: true });
  const config = loadConfig({ PORT: '0', LIANQIAO_DATA_DIR: dataDir, ...env });
  const statements: { agency: string; sql: string }[] = [];
  const lines: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const hub = await createHub({
    config,
    root,
    logger,
    onStatement: (agency, sql) => void statements.push({ agency, sql }),
    ...(now === undefined ? {} : { now }),
  });
  const issuer = new DemoIssuer({ dataDir, host: config.host, configured: false });
  const verifier = createVerifier({ issuers: [issuer.trusted()] });
  const app = await createServer({ hub, config, verifier, demoIssuer: issuer, logger, root: projectRoot });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const tokens = new Map<string, string>();
  const token = async (claims: DemoClaims): Promise<string> => {
    const key = JSON.stringify(claims);
    const made = tokens.get(key) ?? (await issuer.issue(claims, 3_600));
    tokens.set(key, made);
    return made;
  };
  return {
    url,
    dataDir,
    hub,
    token,
    takeStatements: () => statements.splice(0),
    logged: () => lines.join(''),
    async ask(asker, query, variables) {
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        authorization: `Bearer ${await token(asker.claims)}`,
      };
      if (asker.purpose !== undefined) headers['lianqiao-purpose'] = asker.purpose;
      if (asker.ticket !== undefined) headers['lianqiao-ticket'] = asker.ticket;
      if (asker.reason !== undefined) headers['lianqiao-reason'] = encodeURIComponent(asker.reason);
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      const body = JSON.parse(text) as {
        data?: unknown;
        errors?: Answer['errors'];
        extensions?: Record<string, unknown>;
      };
      return {
        status: response.status,
        text,
        data: body.data,
        errors: body.errors ?? [],
        extensions: body.extensions ?? {},
      };
    },
    async close(before) {
      await app.close();
      await hub.close();
      before?.();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

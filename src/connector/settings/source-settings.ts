import { z } from 'zod';
import { commonSettings, whole } from './common.ts';
import { address, httpAuth, httpSettings, tlsSettings } from './http-settings.ts';
import { secretRef } from './secret.ts';

const sql = z
  .strictObject({
    kind: z.literal('sql'),
    client: z.enum(['sqlite', 'mysql', 'postgres']),
    /** SQLite: the database file; relative to the data folder. */
    file: z.string().min(1).optional(),
    host: z.string().min(1).optional(),
    port: z.number().int().min(1).max(65_535).optional(),
    database: z.string().min(1).optional(),
    user: z.string().min(1).optional(),
    password: secretRef.optional(),
    /** PostgreSQL: the schema of the tables. */
    schema: z.string().min(1).optional(),
    tls: tlsSettings.optional(),
    /** Connections, at most. */
    pool: whole(1, 200, 4),
    answerBytes: httpSettings.answerBytes,
    ...commonSettings,
  })
  .superRefine((of, context) => {
    const needs = of.client === 'sqlite' ? (['file'] as const) : (['host', 'database', 'user'] as const);
    for (const name of needs)
      if (of[name] === undefined)
        context.addIssue({ code: 'custom', path: [name], message: `a source on ${of.client} needs ${name}` });
  });

const rest = z.strictObject({ kind: z.literal('rest'), ...httpSettings, ...commonSettings });

const graphql = z.strictObject({ kind: z.literal('graphql'), ...httpSettings, ...commonSettings });

const soap = z.strictObject({
  kind: z.literal('soap'),
  /** Where the service answers, whatever its WSDL says. */
  url: address,
  auth: z
    .discriminatedUnion('scheme', [
      ...httpAuth.options,
      /** WS-Security UsernameToken (OASIS WSS 1.1). */
      z.strictObject({
        scheme: z.literal('usernameToken'),
        user: z.string().min(1),
        password: secretRef,
        form: z.enum(['text', 'digest']).default('digest'),
      }),
    ])
    .default({ scheme: 'none' }),
  tls: tlsSettings.optional(),
  answerBytes: httpSettings.answerBytes,
  loadPages: httpSettings.loadPages,
  ...commonSettings,
});

const file = z.strictObject({
  kind: z.literal('file'),
  /** The folder that the agency drops its files into; relative to the data folder. */
  folder: z.string().min(1),
  /** Seconds between two looks into the folder. */
  pollSeconds: whole(1, 86_400, 30),
  /** Share of a file's rows, in percent, that may be rejected before the whole file is. */
  rejectPercent: whole(0, 100, 5),
  /** Hours after which the last good file counts as stale. 0: never. */
  staleHours: whole(0, 8_760, 48),
  ...commonSettings,
});

/** How one source is reached: everything that differs between two cities with the same connector. */
export const sourceSettings = z.discriminatedUnion('kind', [sql, rest, graphql, soap, file]);

export type SourceSettings = z.infer<typeof sourceSettings>;
export type SourceKind = SourceSettings['kind'];
export type SqlSettings = z.infer<typeof sql>;
export type SoapSettings = z.infer<typeof soap>;
export type FileSettings = z.infer<typeof file>;

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isNode, LineCounter, parse, parseDocument } from 'yaml';
import { z } from 'zod';
import { ConfigurationError, type Problem } from '../access/problem.ts';
import { readOfficeHours, usualOfficeHours } from '../calendar/office-hours.ts';
import { suggestion } from '../access/suggestion.ts';
import { isAgencyCode } from '../codes/agency.ts';
import { issuerConfig, jwksLocation } from '../identity/issuers.ts';
import { roles } from '../identity/principal.ts';
import { redisSettings } from '../events/redis-wake.ts';
import { witnessSettings } from '../ledger/witnesses/witness-settings.ts';
import { webhookProblem, webhookSettings } from '../events/webhooks/webhook-settings.ts';
import { sourceSettings } from '../connector/settings/source-settings.ts';
import { databaseSource } from './database-url.ts';

const whole = (min: number, max: number, preset: number) => z.number().int().min(min).max(max).default(preset);

/** Every setting with its unit, range and default. */
const shape = z.strictObject({
  /** TCP port to listen on. */
  port: whole(0, 65_535, 4_000),
  /** Address to listen on. */
  host: z.string().min(1).default('127.0.0.1'),
  /** Folder of the databases and keys. */
  dataDir: z.string().min(1).default('data'),
  /** Agencies whose folders under connectors/ take part. */
  connectors: z.array(z.string()).min(1).default(['hotline', 'police', 'grid', 'market', 'housing']),
  /** How each source is reached, by its name; one that is not named is the file AGENCY.db in the data folder. */
  sources: z.record(z.string().regex(/^[a-z][A-Za-z0-9-]*$/), sourceSettings).default({}),
  /** Keys in one call to a source, at most, where its own settings say nothing else. */
  keyChunk: whole(1, 10_000, 500),
  /** Whether changed policies are noticed by themselves; SIGHUP reads them in any case. */
  policyWatch: z.boolean().default(true),
  /** Trusted token issuers; none: the demo issuer, on loopback only. */
  issuers: z.array(issuerConfig).default([]),
  /** Working days in which the owner answers an access application. */
  applicationAnswerDays: whole(1, 250, 10),
  /** Working days in which the owner answers a correction request (校核). */
  correctionAnswerDays: whole(1, 250, 10),
  /** Working days after the due day from which an unanswered correction request is escalated. */
  correctionEscalationDays: whole(0, 250, 5),
  /** Days in which a field that was given can be reported as wrong. */
  correctionWindowDays: whole(1, 3_650, 180),
  /** Milliseconds that an entry of the ledger is waited for; then nothing is disclosed. */
  ledgerMilliseconds: whole(100, 60_000, 5_000),
  /** Seconds between two signed heads of the ledger, where entries came in between. */
  ledgerHeadSeconds: whole(1, 3_600, 60),
  /** Public keys of the agencies that cosign the ledger's heads, each once. */
  ledgerWitnesses: z
    .array(witnessSettings)
    .max(1_000)
    .refine((all) => new Set(all.map((one) => one.public)).size === all.length, 'has a key twice')
    .default([]),
  /** Hours in which a consultation (咨询) is answered. */
  ticketConsultationHours: whole(1, 720, 24),
  /** Working days in which a request for help (求助) is answered. */
  ticketHelpRequestDays: whole(1, 60, 3),
  /** Working days in which a complaint (投诉) is answered, and a ticket whose type is not known. */
  ticketComplaintDays: whole(1, 60, 5),
  /** Working days in which a report (举报) is answered. */
  ticketReportDays: whole(1, 60, 5),
  /** Working days in which a suggestion (建议) is answered. */
  ticketSuggestionDays: whole(1, 60, 5),
  /** Working days in which a commendation (表扬) is answered. */
  ticketCommendationDays: whole(1, 60, 5),
  /** Hours in which an agency or unit signs for a ticket that it was given; later counts as late. */
  ticketSignHours: whole(1, 720, 24),
  /** Hours before the due time from which a ticket is about to be overdue. */
  ticketWarningHours: whole(1, 720, 24),
  ticketRepeatDays: whole(1, 366, 90),
  ticketDuplicateDays: whole(1, 92, 15),
  ticketMergeDays: whole(1, 92, 7),
  /** Working days that an extension (延期) may have, at most. */
  ticketExtensionDays: whole(1, 60, 5),
  /** Periods of a working day in which offices are open, in order: what working time is counted by. */
  officeHours: z
    .array(z.string())
    .refine((periods) => readOfficeHours(periods) !== null, 'must be periods HH:MM-HH:MM, in order and apart')
    .default(usualOfficeHours),
  /** Hours of work in which an agency records a ticket that it was sent, and the hotline an answer: later is a lost handoff. */
  receiptGraceHours: whole(0, 700, 14),
  /** The same for single agencies, by their names. */
  receiptGraceHoursOf: z
    .record(z.string().refine(isAgencyCode, 'must be the name of an agency'), z.number().int().min(0).max(700))
    .default({}),
  /** Minutes by which an agency's clock may differ from the hotline's. */
  receiptClockMinutes: whole(0, 120, 10),
  /** Minutes from one reconciliation of the running hub to the next; 0: none by itself. */
  reconcileMinutes: whole(0, 44_640, 0),
  /** What the reconciliation reads for. */
  reconcilePurpose: z.enum(['SUPERVISION', 'AUDIT']).default('SUPERVISION'),
  /** Days in which a ticket must have been changed for the running hub's reconciliation to look at it. */
  reconcileDays: whole(1, 3_650, 60),
  /** Records that a count must have to be shown in statistics. */
  statisticsSmallestCell: whole(3, 1_000, 10),
  /** Days after its end from which a month can be asked for in statistics. */
  statisticsSettlingDays: whole(0, 366, 30),
  /** Milliseconds after which events are looked for at the latest: what a wake that was missed costs. */
  eventPollMilliseconds: whole(50, 60_000, 1_000),
  /** Seconds between two looks for tickets that are about to be overdue. */
  eventClockSeconds: whole(1, 3_600, 60),
  /** Days for which an event is kept that nobody has yet to get: so far back webhooks can be replayed. */
  eventRetentionDays: whole(7, 3_650, 90),
  /** Days for which the answers of batches that were pushed are kept, and versions of tickets that newer ones replaced. */
  pushRetentionDays: whole(30, 3_650, 366),
  /** Seconds between two looks for what is no longer kept. */
  retentionSeconds: whole(1, 86_400, 3_600),
  /** The Redis by which several instances wake each other; null: there is one instance, or they look by themselves. */
  redis: redisSettings.nullable().default(null),
  /** Endpoints of agencies that are told of events. */
  webhooks: z
    .array(webhookSettings)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'each has a name of its own')
    .default([]),
  /** The hosts that events may be sent to, with their ports where the address has one. */
  webhookHosts: z.array(z.string().min(1)).default([]),
  /** How often an event is brought to an endpoint before it is set aside. */
  webhookTries: whole(1, 100, 12),
  /** Milliseconds before the second try; about doubled for each further one, at random. */
  webhookRetryMilliseconds: whole(10, 3_600_000, 1_000),
  /** Seconds between two tries, at most. */
  webhookLongestRetrySeconds: whole(1, 86_400, 3_600),
  /** Milliseconds until an endpoint has answered. */
  webhookMilliseconds: whole(100, 60_000, 10_000),
  /** Tickets whose events are brought to an endpoint side by side. */
  webhookConcurrent: whole(1, 100, 4),
  /** Seconds for which one instance has an endpoint to itself: another one takes over so long after it was killed. */
  webhookLeaseSeconds: whole(1, 3_600, 30),
  /** Roles that may ask for the schema by introspection. */
  introspectionRoles: z.array(z.enum(roles)).default(['STEWARD']),
  limits: z
    .strictObject({
      /** Bytes of a request's body. */
      bodyBytes: whole(1_024, 10_485_760, 262_144),
      /** Bytes of the body of a request by the hotline's system, which pushes tickets in batches. */
      pushBodyBytes: whole(1_024, 33_554_432, 8_388_608),
      /** Tokens of a document. */
      tokens: whole(10, 100_000, 2_000),
      /** Levels of fields. */
      depth: whole(1, 50, 15),
      /** Root fields of an operation, aliases counted. */
      rootFields: whole(1, 100, 10),
      /** Directives in a document. */
      directives: whole(0, 1_000, 50),
      /** Records that an operation can ask for, by the bounds of its lists. */
      cost: whole(1, 10_000_000, 30_000),
      /** Milliseconds until an operation is given up. */
      milliseconds: whole(10, 600_000, 10_000),
      /** Operations that run side by side; more are refused. */
      concurrent: whole(1, 10_000, 100),
      /** WebSocket connections side by side; more are refused. */
      connections: whole(1, 100_000, 1_000),
      /** Operations of one WebSocket connection side by side: its subscriptions, above all. */
      subscriptions: whole(1, 1_000, 10),
      /** Events that wait for one subscription's receiver; with more, its connection is closed. */
      queuedEvents: whole(1, 100_000, 100),
      /** Milliseconds in which a WebSocket connection has to say who it is. */
      initMilliseconds: whole(100, 60_000, 3_000),
    })
    .prefault({}),
});

const settings = shape.superRefine(({ webhooks, webhookHosts }, context) => {
  for (const [i, webhook] of webhooks.entries()) {
    const wrong = webhookProblem(webhook, webhookHosts);
    if (wrong !== null) context.addIssue({ code: 'custom', path: ['webhooks', i, wrong.key], message: wrong.message });
  }
});

export type Config = z.infer<typeof settings>;

export interface LoadedConfig extends Config {
  /** Whether `LIANQIAO_CONFIG` named a file: then there is no demo issuer. */
  readonly configured: boolean;
}

/** Names that stand outside the pattern `LIANQIAO_` + path in capitals. */
const fixedNames: Readonly<Record<string, string>> = { port: 'PORT', host: 'HOST', dataDir: 'LIANQIAO_DATA_DIR' };

/**
 * The configuration: the file that `LIANQIAO_CONFIG` names, and over it the environment (`PORT`, `HOST`,
 * `LIANQIAO_DATA_DIR`, `LIANQIAO_LIMITS_DEPTH`, … ; lists as YAML). Throws `ConfigurationError` with file and line.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): LoadedConfig {
  refuseUnknownNames(env);
  const file = env['LIANQIAO_CONFIG'];
  const configured = file !== undefined && file !== '';
  const { value, problem } = configured ? readConfigFile(file) : { value: {}, problem: null };
  const merged = withDatabase(overlay(value, env), env);
  const parsed = settings.safeParse(merged);
  if (parsed.success) {
    const issuers = parsed.data.issuers.map((i) => ({
      ...i,
      jwks: besideConfig(i.jwks, configured ? file : undefined),
    }));
    return { ...parsed.data, issuers, configured };
  }
  throw new ConfigurationError(
    parsed.error.issues.map((issue): Problem => {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
      const path = [...issue.path, ...unknown].filter((p): p is string | number => typeof p !== 'symbol');
      const message = `${path.join('.') || 'the configuration'}: ${issue.message}`;
      const name = settingIn(env, path.map(String));
      if (name !== null) return { file: name, message };
      return problem?.(path, message) ?? { file: 'configuration', message };
    }),
  );
}

/** What other parts of the house read under the common prefix, and what tests and CI set. */
const otherNames = [
  'LIANQIAO_CONFIG',
  'LIANQIAO_DATABASE_URL',
  'LIANQIAO_LOG_SQL',
  'LIANQIAO_REFERENCE_DATA',
  'LIANQIAO_TOKEN',
];
const otherFamilies = /^LIANQIAO_(?:PROOF|SECRET|SQL|TEST)_/;

/**
 * A misspelt name would leave the preset in force without a word. Secrets that the configuration names as
 * `{ env: LIANQIAO_SECRET_… }`, or by a name without the prefix, are the installation's own.
 */
function refuseUnknownNames(env: Readonly<Record<string, string | undefined>>): void {
  const known = [...settingPaths.map(environmentName), ...otherNames];
  const problems = Object.keys(env)
    .filter((name) => name.startsWith('LIANQIAO_') && !known.includes(name) && !otherFamilies.test(name))
    .map((name): Problem => {
      const near = suggestion(name, known);
      const message = `is no setting.${near || ' docs/configuration.md lists them'}`;
      return { file: name, message };
    });
  if (problems.length > 0) throw new ConfigurationError(problems);
}

/** A key set's relative path counts from the configuration file. */
function besideConfig(jwks: string, file: string | undefined): string {
  return file === undefined || jwksLocation(jwks).kind !== 'file' ? jwks : resolve(dirname(file), jwks);
}

function readConfigFile(file: string): {
  value: Record<string, unknown>;
  problem: (path: (string | number)[], message: string) => Problem;
} {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ConfigurationError([{ file, message: 'cannot be read; LIANQIAO_CONFIG must name a YAML file' }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined)
    throw new ConfigurationError([
      { file, line: lines.linePos(error.pos[0]).line, message: `not valid YAML: ${error.message}` },
    ]);
  const value: unknown = document.toJS() ?? {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new ConfigurationError([{ file, line: 1, message: 'must be a map of settings' }]);
  const problem = (path: (string | number)[], message: string): Problem => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return { file, line: lines.linePos(node.range[0]).line, message };
    }
    return { file, message };
  };
  return { value: value as Record<string, unknown>, problem };
}

/** The file's settings with those of the environment over them. */
function overlay(
  value: Record<string, unknown>,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...value };
  for (const path of settingPaths) {
    const text = env[environmentName(path)];
    if (text === undefined || text === '') continue;
    const [first, second] = path;
    if (first === undefined) continue;
    const set: unknown = first === 'dataDir' || first === 'host' ? text : yamlOf(text, environmentName(path));
    if (second === undefined) merged[first] = set;
    else merged[first] = { ...(merged[first] as Record<string, unknown> | undefined), [second]: set };
  }
  return merged;
}

/** `LIANQIAO_DATABASE_URL` names where the tickets are kept, unless the hotline's source is set by itself. */
function withDatabase(
  value: Record<string, unknown>,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const url = env['LIANQIAO_DATABASE_URL'];
  if (url === undefined || url === '') return value;
  const sources = (value['sources'] ?? {}) as Record<string, unknown>;
  if (sources['hotline'] !== undefined)
    throw new ConfigurationError([
      { file: 'LIANQIAO_DATABASE_URL', message: 'sources.hotline is set too; name the database once' },
    ]);
  return { ...value, sources: { ...sources, hotline: databaseSource(url, env) } };
}

function yamlOf(text: string, name: string): unknown {
  try {
    return parse(text);
  } catch {
    throw new ConfigurationError([
      { file: name, message: 'is not valid YAML; write a number, a word, or a list such as [hotline, police]' },
    ]);
  }
}

const settingPaths: readonly (readonly string[])[] = Object.keys(shape.shape).flatMap((key) =>
  key === 'limits' ? Object.keys(shape.parse({}).limits).map((k) => ['limits', k]) : [[key]],
);

/** The name in the environment under which the setting that this path leads to or into stands; null where it does not. */
function settingIn(env: Readonly<Record<string, string | undefined>>, path: readonly string[]): string | null {
  const setting = settingPaths.find((of) => of.every((key, i) => key === path[i]));
  const name = setting === undefined ? '' : environmentName(setting);
  return env[name] === undefined || env[name] === '' ? null : name;
}

function environmentName(path: readonly string[]): string {
  const [first = ''] = path;
  const fixed = fixedNames[first];
  if (fixed !== undefined) return fixed;
  return `LIANQIAO_${path.map((p) => p.replaceAll(/[A-Z]/g, '_$&').toUpperCase()).join('_')}`;
}

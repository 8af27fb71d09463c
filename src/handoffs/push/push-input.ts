import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isAgencyCode } from '../../codes/agency.ts';
import { canonicalTicketNo } from '../../codes/ticket-no.ts';
import { codedError } from '../../errors/coded-error.ts';
import { clientRequestId, readInput } from '../../requests/read-input.ts';
import { readRfc3339 } from '../../scalars/scalars.ts';
import { fieldKinds, mappableFields, type FieldKind } from '../../tickets/import/ticket-fields.ts';
import type { TicketContent } from '../../tickets/ticket-columns.ts';
import type { PushProblem, RejectionCode } from './push-outcome.ts';

/** Tickets or handoffs of one batch, at most. */
const mostItems = 1_000;
/** Characters of one text, at most. */
const longestText = 20_000;
/** Problems that are told of one item, at most. */
const mostProblems = 5;

/** Where an item stands in its source's own order: by time, then by version. */
export interface SourcePlace {
  /** RFC 3339 in +08:00. */
  readonly sourceAt: string;
  readonly sourceVersion: number;
  /** Of what it says. */
  readonly digest: string;
}

interface Numbered extends SourcePlace {
  readonly ticketNo: string;
  readonly sourceSystem: string;
  readonly sourceNo: string;
}

/** A ticket as its source holds it. A field that was left out is missing; one that was sent empty is null. */
export interface PushedTicket extends Numbered {
  readonly receivedAt: string;
  readonly status: string | undefined;
  readonly content: TicketContent;
}

/** A handoff as its source holds it. `sourceAt` is its own time. */
export interface PushedHandoff extends Numbered {
  readonly sourceRunId: string;
  readonly kind: string;
  readonly node: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly by: string | null;
  readonly reason: string | null;
  readonly is110: boolean;
  readonly policeNo: string | null;
}

/**
 * The hub's own number of a pushed handoff. None that an action writes begins with P. Steps of one second are read in the
 * order of their numbers.
 */
export function runIdOf({ ticketNo, sourceVersion, sourceRunId }: PushedHandoff): string {
  return `P${ticketNo}-${String(sourceVersion).padStart(10, '0')}-${sourceRunId}`;
}

/** An item as it was read; `ticketNo` of a rejected one where that much can be read. */
export type PushReading<T> =
  | { readonly ok: true; readonly item: T }
  | { readonly ok: false; readonly ticketNo: string | null; readonly problems: readonly PushProblem[] };

/** A batch: its own name, and its items, each still to be read. Throws `BAD_USER_INPUT` and `LIMIT_EXCEEDED`. */
export function readBatch(
  list: 'tickets' | 'handoffs',
  args: Readonly<Record<string, unknown>>,
): { readonly idempotencyKey: string; readonly items: readonly unknown[] } {
  const form = z.object({ idempotencyKey: clientRequestId, [list]: z.array(z.unknown()).min(1, 'must not be empty') });
  const { idempotencyKey, [list]: items } = readInput(form, args);
  if (!Array.isArray(items) || typeof idempotencyKey !== 'string') throw new TypeError(`a batch without ${list}`);
  if (items.length > mostItems)
    throw codedError('LIMIT_EXCEEDED', `a batch may have ${mostItems} ${list} at most; send several`, {
      extensions: { limit: list, max: mostItems },
    });
  return { idempotencyKey, items };
}

const fail = (ctx: z.RefinementCtx, message: string): typeof z.NEVER => {
  ctx.addIssue({ code: 'custom', message });
  return z.NEVER;
};
const ticketNo = z.string().transform((text, ctx) => {
  const [, no, sourceSystem, sourceNo] =
    /^(([A-Za-z0-9_-]{1,32}):([^\s\p{C}]{1,128}))$/u.exec(canonicalTicketNo(text)) ?? [];
  return no === undefined || sourceSystem === undefined || sourceNo === undefined
    ? fail(ctx, 'expected SOURCE:number, or a bare number of the city’s own hotline')
    : { ticketNo: no, sourceSystem, sourceNo };
});
const time = z
  .string()
  .transform(
    (text, ctx) => readRfc3339(text) ?? fail(ctx, 'expected RFC 3339 with an offset, like 2026-11-23T09:30:00+08:00'),
  );
const sourceVersion = z
  .number()
  .int()
  .min(0, 'must be 0 or more')
  .nullish()
  .transform((value) => value ?? 0);

const ticketForm = z.object({
  ticketNo,
  sourceAt: time,
  sourceVersion,
  ...Object.fromEntries(mappableFields.map((field) => [field, fieldForm(fieldKinds[field])])),
});

/** Reads one ticket by the rules of an import's mapping. `now` is epoch milliseconds. */
export function readTicket(raw: unknown, now: number): PushReading<PushedTicket> {
  const read = ticketForm.safeParse(raw);
  if (!read.success) return rejected(raw, read.error.issues.map(problemOf));
  const { ticketNo: no, sourceAt, sourceVersion: version, ...values } = read.data;
  const fields: Record<string, unknown> = values;
  const { receivedAt, status, ...content } = fields;
  const problems = [
    ...(typeof receivedAt === 'string' ? [] : [problem('REQUIRED', 'receivedAt', 'must be given')]),
    ...(typeof content['longitude'] === typeof content['latitude']
      ? []
      : [problem('BAD_POINT', 'longitude', 'only one of longitude and latitude has a value')]),
    ...ahead('sourceAt', sourceAt, now),
    ...(typeof receivedAt === 'string' ? ahead('receivedAt', receivedAt, now) : []),
  ];
  if (typeof receivedAt !== 'string' || problems.length > 0) return rejected(raw, problems);
  if (typeof content['longitude'] !== 'number') content['crs'] = null;
  const said = { receivedAt, status: typeof status === 'string' ? status : undefined };
  const place = { sourceAt, sourceVersion: version, digest: digestOf([said, content]) };
  return { ok: true, item: { ...no, ...place, ...said, content } };
}

/** The reader of one handoff; `kinds` are those of the schema. */
export function handoffReader(kinds: readonly string[]): (raw: unknown, now: number) => PushReading<PushedHandoff> {
  const text = fieldForm({ list: false, time: false, read: withoutNul, expected: 'a text without NUL characters' });
  const agency = fieldForm({
    list: false,
    time: false,
    read: (value) => (isAgencyCode(value) ? value : undefined),
    expected: 'an agency code: a lower-case letter, then at most 31 letters and digits',
  });
  const textOrNone = text.transform((value) => (typeof value === 'string' ? value : null));
  const agencyOrNone = agency.transform((value) => (typeof value === 'string' ? value : null));
  const form = z.object({
    runId: z.string().regex(/^[!-~]{1,64}$/, 'expected 1 to 64 visible ASCII characters, without spaces'),
    ticketNo,
    sourceVersion,
    at: time,
    kind: z.string().refine((value) => kinds.includes(value), `expected one of ${kinds.join(', ')}`),
    nodeName: textOrNone,
    from: agencyOrNone,
    to: agencyOrNone,
    by: textOrNone,
    reason: textOrNone,
    is110: z
      .boolean()
      .nullish()
      .transform((value) => value ?? false),
    policeNo: textOrNone,
  });
  return (raw, now) => {
    const read = form.safeParse(raw);
    if (!read.success) return rejected(raw, read.error.issues.map(problemOf));
    const { ticketNo: no, runId: sourceRunId, at: sourceAt, nodeName: node, ...rest } = read.data;
    const problems = ahead('at', sourceAt, now);
    if (problems.length > 0) return rejected(raw, problems);
    const digest = digestOf([no.ticketNo, sourceAt, node, rest]);
    return { ok: true, item: { ...no, ...rest, sourceRunId, sourceAt, node, digest } };
  };
}

/** A field's form: as an import reads it, but in the schema's own way of writing. Empty text is no value. */
function fieldForm(kind: FieldKind): z.ZodType {
  const item = z.union([z.string(), z.number(), z.boolean()]).transform((value, ctx) => {
    const text = String(value);
    if (text.length > longestText) return fail(ctx, `may have ${longestText} characters at most`);
    // A lone half of a character could not be written down as it came.
    if (/\p{Surrogate}/u.test(text)) return fail(ctx, 'must be well-formed Unicode');
    if (text === '') return null;
    return (kind.time ? readRfc3339(text) : kind.read(text)) ?? fail(ctx, `expected ${kind.expected}`);
  });
  if (!kind.list) return item.nullish();
  return z
    .array(item)
    .max(50, 'may have 50 entries at most')
    .transform((entries) => entries.filter((entry) => entry !== null))
    .nullish();
}

const withoutNul = (value: string): string | undefined => (value.includes('\0') ? undefined : value);

/** What a source says of the future would keep all that it says later from being newer. A minute is for its clock. */
function ahead(field: string, time: string, now: number): readonly PushProblem[] {
  if (Date.parse(time) <= now + 60_000) return [];
  return [problem('IN_FUTURE', field, 'is later than now; set the clock of the system that pushes')];
}

function rejected(raw: unknown, problems: readonly PushProblem[]): PushReading<never> {
  const read = z.object({ ticketNo }).safeParse(raw);
  return { ok: false, ticketNo: read.data?.ticketNo.ticketNo ?? null, problems: problems.slice(0, mostProblems) };
}

function problemOf(issue: z.core.$ZodIssue): PushProblem {
  const [field] = issue.path;
  return problem('BAD_VALUE', field === undefined ? null : String(field), issue.message);
}

function problem(code: RejectionCode, field: string | null, reason: string): PushProblem {
  return { code, field, reason };
}

function digestOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

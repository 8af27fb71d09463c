import { z } from 'zod';
import type { SchemaFacts } from '../access/facts.ts';
import { formatDateTime } from '../codes/date-time.ts';
import { codedError } from '../errors/coded-error.ts';
import { cursorList } from '../gate/cursor-list.ts';
import type { CursorSeal } from '../gate/cursor.ts';
import type { Disputes } from '../gate/disputes.ts';
import type { HubRoot, RootCaller } from '../hub/hub-root.ts';
import { callOf, changeOnce, type Change } from './change.ts';
import { correctionMachine, correctionStates, type CorrectionMove, type CorrectionState } from './correction-states.ts';
import { correctionView } from './correction-view.ts';
import type { Correction, CorrectionBook, CorrectionContent } from './correction.ts';
import type { GivenFields } from './given-fields.ts';
import { dateOf, isEscalated, isOverdue } from './overdue.ts';
import { clientRequestId, readInput, requestVersion, writtenText } from './read-input.ts';
import { withFile, type RequestFile } from './request-file.ts';
import { pageOf, pageStart } from './request-page.ts';
import { reporters, seesCorrection, shelfOf, spokesmen } from './who-may.ts';

export interface CorrectionDesk {
  readonly file: RequestFile;
  readonly book: CorrectionBook;
  readonly facts: SchemaFacts;
  readonly given: GivenFields;
  readonly disputes: Disputes;
  readonly seal: CursorSeal;
}

const optional = (max: number) =>
  writtenText(max)
    .nullish()
    .transform((text) => text ?? null);
const target = { clientRequestId, correctionNo: z.string(), version: requestVersion };
const reportInput = z.object({
  clientRequestId,
  recordType: z.string().max(200),
  recordId: z.string().max(200),
  field: z.string().max(200),
  problem: writtenText(2_000),
  proposedValue: optional(2_000),
  evidence: optional(500),
});
const answerInput = z.object({ ...target, answer: z.enum(['ACCEPT', 'REJECT']), note: writtenText(2_000) });
const withdrawInput = z.object({ ...target, reason: optional(2_000) });
const filterForm = z
  .object({
    state: z.array(z.enum(correctionStates)).nullish(),
    owner: z.string().nullish(),
    applicant: z.string().nullish(),
    overdue: z.boolean().nullish(),
    escalated: z.boolean().nullish(),
  })
  .nullish();

/** The root fields of correction requests (校核). */
export function correctionRoots(desk: CorrectionDesk): HubRoot[] {
  const { book } = desk;
  const changed = async (
    field: string,
    input: { readonly clientRequestId: string; readonly correctionNo: string; readonly version: number },
    caller: RootCaller,
    kind: CorrectionMove,
    deed: Change<CorrectionState, CorrectionMove, CorrectionContent>['deed'],
  ): Promise<unknown> => {
    const correction = await changeOnce(desk.file, book, correctionMachine, callOf(field, input, caller), {
      number: input.correctionNo,
      version: input.version,
      sees: (request) => seesCorrection(caller.principal, request),
      deed,
      kind,
    });
    return correction === null ? null : shown(desk, correction, caller);
  };
  return [
    {
      operation: 'mutation',
      field: 'reportDataError',
      roles: reporters,
      answer: (args, caller) => withFile(() => report(desk, args, caller)),
    },
    {
      operation: 'mutation',
      field: 'answerCorrection',
      roles: spokesmen,
      answer: (args, caller) => {
        const input = readInput(answerInput, args);
        return changed('answerCorrection', input, caller, input.answer, ({ content }) => ({
          move: input.answer,
          note: input.note,
          content: { ...content, answer: { at: formatDateTime(caller.at), note: input.note } },
        }));
      },
    },
    {
      operation: 'mutation',
      field: 'withdrawCorrection',
      roles: reporters,
      answer: (args, caller) => {
        const input = readInput(withdrawInput, args);
        return changed('withdrawCorrection', input, caller, 'WITHDRAW', ({ content }) => ({
          move: 'WITHDRAW',
          note: input.reason,
          content,
        }));
      },
    },
    {
      operation: 'query',
      field: 'correctionRequest',
      roles: reporters,
      answer: (args, caller) =>
        withFile(() => {
          const found = book.find(String(args['correctionNo']));
          return found === null || !seesCorrection(caller.principal, found) ? null : shown(desk, found, caller);
        }),
    },
    {
      operation: 'query',
      field: 'correctionRequests',
      roles: reporters,
      answer: (args, caller) => withFile(() => page(desk, args, caller)),
    },
  ];
}

/** Null for a field that the caller was not given: the same answer as for a record that does not exist. */
async function report(
  desk: CorrectionDesk,
  args: Readonly<Record<string, unknown>>,
  caller: RootCaller,
): Promise<unknown> {
  const { principal, at } = caller;
  const { clientRequestId: id, ...reported } = readInput(reportInput, args);
  const call = callOf('reportDataError', { clientRequestId: id, ...reported }, caller);
  const about = { type: reported.recordType, id: reported.recordId, field: reported.field };
  const owner = desk.facts.fields.get(`${about.type}.${about.field}`)?.owner;
  if (owner === undefined) return null;
  // A handler speaks of what it read itself, others of what their agency read.
  const by = principal.role === 'HANDLER' ? { issuer: principal.issuer, subject: principal.subject } : null;
  const known = desk.file.recall(call) !== null;
  if (!known && !(await desk.given.wasGiven({ agency: principal.agency, by, ...about, now: at }))) return null;
  const [number = ''] = desk.file.once(call, () => {
    if (owner === principal.agency)
      throw codedError('BAD_USER_INPUT', 'input.field: it is your own agency’s; correct it at the source');
    refuseTwice(desk, principal.agency, about);
    const content = { ...reported, answer: null };
    const deed = { action: 'SUBMIT', to: 'SUBMITTED', party: 'APPLICANT', principal, at, note: null } as const;
    return [desk.book.submit(owner, { ...deed, content }, about)];
  });
  const correction = desk.book.find(number);
  return correction === null ? null : shown(desk, correction, caller);
}

function refuseTwice(
  { disputes, book }: CorrectionDesk,
  agency: string,
  about: { readonly type: string; readonly id: string; readonly field: string },
): void {
  // Another agency's dispute of the same field is no reason, and nothing to tell.
  if (disputes.openDisputes(about.type, [about.id]).get(about.id)?.has(about.field) !== true) return;
  const all = { party: agency, by: null, states: ['SUBMITTED'] as const, owner: null, applicant: agency, before: null };
  for (const { content } of book.list(all))
    if (content.recordType === about.type && content.recordId === about.id && content.field === about.field)
      throw codedError('DUPLICATE', 'your agency has reported this field already; wait for the answer, or withdraw it');
}

function page(desk: CorrectionDesk, args: Readonly<Record<string, unknown>>, caller: RootCaller): unknown {
  const filter = filterForm.parse(args['filter']) ?? {};
  const today = dateOf(caller.at);
  const name = cursorList('correctionRequests', [], args, caller);
  const start = pageStart(name, args, desk.seal);
  const open = filter.overdue === true || filter.escalated === true;
  const list = desk.book.list({
    ...shelfOf(caller.principal),
    states: filter.state ?? (open ? ['SUBMITTED'] : null),
    owner: filter.owner ?? null,
    applicant: filter.applicant ?? null,
    before: start.before,
  });
  const fits = (one: Correction): boolean =>
    (filter.overdue == null || isOverdue(one, today) === filter.overdue) &&
    (filter.escalated == null || isEscalated(one, today) === filter.escalated);
  const { nodes, pageInfo } = pageOf(name, start, list, fits, desk.seal);
  return { nodes: nodes.map((one) => shown(desk, one, caller)), pageInfo };
}

function shown({ book }: CorrectionDesk, correction: Correction, caller: RootCaller): unknown {
  caller.record('CorrectionRequest', correction.owner, correction.number);
  return correctionView(book, correction, dateOf(caller.at));
}

import { join } from 'node:path';
import { formatDateTime } from '../../src/codes/date-time.ts';
import type { Purpose, Role } from '../../src/identity/principal.ts';
import type { TicketRow } from '../../src/tickets/ticket-store.ts';
import { putTickets } from '../kit/ticket-place.ts';
import type { Answer, Asker, RunningHub } from '../kit/running-hub.ts';

/** Somebody of an agency who acts for one purpose. */
export function one(agency: string, role: Role, purpose: Purpose, unit?: string): Asker {
  return {
    claims: {
      agency,
      role,
      subject: `${agency}-${role.toLowerCase()}${unit === undefined ? '' : `-${unit}`}`,
      areas: ['350102'],
      grids: ['350102001003-G07'],
      purposes: ['DISPATCH', 'HANDLING', 'FOLLOW_UP', 'SUPERVISION', 'AUDIT'],
      ...(unit === undefined ? {} : { unit }),
    },
    purpose,
  };
}

export const dispatcher = one('hotline', 'OPERATOR', 'DISPATCH');
export const supervisor = one('hotline', 'SUPERVISOR', 'SUPERVISION');
export const visitor = one('hotline', 'OPERATOR', 'FOLLOW_UP');
export const handlerOf = (agency: string, unit?: string): Asker => one(agency, 'HANDLER', 'HANDLING', unit);

/** A ticket of the tests' street as its source would have sent it. */
export const arrived = (sourceNo: string, more: Partial<TicketRow> = {}): TicketRow => ({
  sourceSystem: '12345',
  sourceNo,
  status: 'ACCEPTED',
  type: 'COMPLAINT',
  receivedAt: '2026-11-16T08:30:00+08:00',
  acceptedAt: '2026-11-16T08:31:00+08:00',
  divisionCode: '350102001003',
  gridCode: '350102001003-G07',
  ...more,
});

/** Puts a ticket into the store as its source would have sent it. */
export async function bring(dataDir: string, sourceNo: string, more: Partial<TicketRow> = {}): Promise<string> {
  await putTickets(
    { kind: 'sqlite', file: join(dataDir, 'hotline.db') },
    [arrived(sourceNo, more)],
    formatDateTime(Date.now()),
  );
  return `12345:${sourceNo}`;
}

export interface Result {
  readonly ticketNo: string;
  readonly version: number;
  readonly action: string;
  readonly runId: string;
  readonly kind: string;
  readonly late: boolean;
  readonly status: string | null;
  readonly stage: string | null;
  readonly deadline: Readonly<Record<string, unknown>> | null;
}

export const deadlineFields = 'deadline { dueAt state provisional extensionDays signBy lateSignings }';
const resultFields = `ticketNo version action runId kind at late status stage ${deadlineFields}`;

let calls = 0;

/** One mutation, under a name of its own where the input has none. */
export function mutate(hub: RunningHub, asker: Asker, field: string, input: object): Promise<Answer> {
  calls += 1;
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  return hub.ask(asker, `mutation M($input: ${type}!) { ${field}(input: $input) { ${resultFields} } }`, {
    input: { idempotencyKey: `call-${calls}`, ...input },
  });
}

export interface Task {
  readonly version: number | null;
  readonly status: string | null;
  readonly stage: string | null;
  readonly actions: readonly string[];
  readonly deadline: Readonly<Record<string, unknown>> | null;
}

export async function taskOf(hub: RunningHub, asker: Asker, ticketNo: string): Promise<Task> {
  const query = `{ ticketTask(ticketNo: "${ticketNo}") { ticketNo version status stage actions ${deadlineFields} } }`;
  return value(await hub.ask(asker, query)) as Task;
}

/** The value of the one root field. Throws the errors where there are any. */
export function value({ data, errors }: Answer): unknown {
  if (errors.length > 0) throw new Error(errors.map((e) => `${String(e.extensions['code'])} ${e.message}`).join('; '));
  return Object.values(data as Record<string, unknown>)[0];
}

/** The codes of an answer's errors, each with the rule that it names. */
export function refusals({ errors }: Answer): string[] {
  return errors.map((e) => [e.extensions['code'], e.extensions['rule']].filter((part) => part !== undefined).join(' '));
}

import type Database from 'better-sqlite3';
import { z } from 'zod';
import { addWorkingDays } from '../calendar/working-days.ts';
import { formatDateTime } from '../codes/date-time.ts';
import { codedError } from '../errors/coded-error.ts';
import type { Principal } from '../identity/principal.ts';
import type { Party } from './state-machine.ts';

/** A request as it stands now. */
export interface StoredRequest<State extends string, Content> {
  /** Its place in the book: later requests have higher ones. */
  readonly seq: number;
  readonly number: string;
  readonly applicant: string;
  readonly owner: string;
  /** Who submitted it: issuer and subject of the token. */
  readonly by: { readonly issuer: string; readonly subject: string };
  readonly state: State;
  /** Counts the events. */
  readonly version: number;
  readonly submittedAt: string;
  /** The last day of the owner's answer; null while it is not the owner's turn. */
  readonly dueOn: string | null;
  /** The due day lies beyond the calendar and may move. */
  readonly provisional: boolean;
  /** From the day after this one on an unanswered correction counts as escalated. */
  readonly escalatesOn: string | null;
  readonly content: Content;
}

export interface RequestEvent<Action extends string> {
  readonly at: string;
  readonly action: Action;
  readonly agency: string;
  readonly role: string;
  readonly note: string | null;
}

/** Something that somebody did to a request. */
export interface Deed<State extends string, Action extends string, Content> {
  readonly action: Action;
  readonly to: State;
  readonly party: Party;
  readonly principal: Principal;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly note: string | null;
  readonly content: Content;
}

/** The record that a correction is about. */
export interface DisputedField {
  readonly type: string;
  readonly id: string;
  readonly field: string;
}

/** Which requests a list shows. */
export interface BookQuery<State extends string> {
  /** Null: everybody's. */
  readonly party: string | null;
  /** Those alone that this token's subject submitted. */
  readonly by: { readonly issuer: string; readonly subject: string } | null;
  readonly states: readonly State[] | null;
  readonly owner: string | null;
  readonly applicant: string | null;
  /** Before this place in the book; null: from the newest. */
  readonly before: number | null;
}

/** What one kind of request is. */
export interface BookKind<State extends string, Action extends string, Content> {
  readonly kind: 'APPLICATION' | 'CORRECTION';
  /** The letters of its numbers: `SQ` gives SQ-2026-000123. */
  readonly series: string;
  readonly states: readonly [State, ...State[]];
  readonly actions: readonly [Action, ...Action[]];
  readonly content: z.ZodType<Content>;
  readonly awaitsOwner: (state: State) => boolean;
  /** Working days of the owner's answer. */
  readonly answerDays: number;
  /** Working days after the due day. */
  readonly escalationDays: number;
}

/** The book of one kind of request. `submit` and `move` run inside the transaction of `RequestFile.once`. */
export interface RequestBook<State extends string, Action extends string, Content> {
  submit(owner: string, deed: Deed<State, Action, Content>, about: DisputedField | null): string;
  /** Writes the deed. Throws `STALE_VERSION` where the request has changed since `version`. */
  move(request: StoredRequest<State, Content>, deed: Deed<State, Action, Content>): void;
  find(number: string): StoredRequest<State, Content> | null;
  /** The newest first. Nothing else may be asked of the file while it runs. */
  list(query: BookQuery<State>): IterableIterator<StoredRequest<State, Content>>;
  history(number: string): RequestEvent<Action>[];
  /** Counts the due days again that lay beyond the calendar. */
  settleDueDays(): void;
}

export function openRequestBook<State extends string, Action extends string, Content>(
  db: Database.Database,
  kind: BookKind<State, Action, Content>,
): RequestBook<State, Action, Content> {
  const row = rowOf(kind);
  const event = z.object({
    at: z.string(),
    action: z.enum(kind.actions),
    agency: z.string(),
    role: z.string(),
    note: z.string().nullable(),
  });
  const select = `SELECT * FROM request WHERE kind = '${kind.kind}'`;
  const nextNumber = db
    .prepare(
      `INSERT INTO request_number (series, year, last) VALUES (?, ?, 1)
       ON CONFLICT (series, year) DO UPDATE SET last = last + 1 RETURNING last`,
    )
    .pluck();
  const insert = db.prepare(
    `INSERT INTO request (number, kind, applicant, issuer, subject, owner, state, version, submitted_at, counted_from,
       answer_days, due_on, provisional, escalates_on, record_type, record_id, record_field, content)
     VALUES (@number, '${kind.kind}', @applicant, @issuer, @subject, @owner, @state, 1, @submittedAt, @today,
       ${kind.answerDays}, @dueOn, @provisional, @escalatesOn, @type, @id, @field, @content)`,
  );
  const change = db.prepare(
    `UPDATE request SET state = @state, version = version + 1, counted_from = @today, answer_days = ${kind.answerDays},
       due_on = @dueOn, provisional = @provisional, escalates_on = @escalatesOn, content = @content
     WHERE number = @number AND version = @version`,
  );
  const keep = db.prepare(
    `INSERT INTO request_event (number, version, at, action, state, party, agency, role, unit, operator, issuer, subject,
       note, content)
     VALUES (@number, @version, @at, @action, @to, @party, @agency, @role, @unit, @operator, @issuer, @subject, @note,
       @content)`,
  );
  const byNumber = db.prepare(`${select} AND number = ?`);
  const events = db.prepare(
    'SELECT at, action, agency, role, note FROM request_event WHERE number = ? ORDER BY version',
  );
  const write = (number: string, version: number, deed: Deed<State, Action, Content>): void => {
    const { agency, role, unit, operator, issuer, subject } = deed.principal;
    const { action, to, party, note } = deed;
    const [at, content] = [formatDateTime(deed.at), JSON.stringify(deed.content)];
    const by = { party, agency, role, unit, operator, issuer, subject };
    keep.run({ number, version, at, action, to, note, content, ...by });
  };
  return {
    submit(owner, deed, about) {
      const submittedAt = formatDateTime(deed.at);
      const [today, year] = [submittedAt.slice(0, 10), submittedAt.slice(0, 4)];
      const last = z.number().parse(nextNumber.get(kind.series, year));
      const number = `${kind.series}-${year}-${String(last).padStart(6, '0')}`;
      const { agency: applicant, issuer, subject } = deed.principal;
      const content = JSON.stringify(deed.content);
      const due = dueOf(kind, deed.to, today);
      const { type, id, field } = about ?? { type: null, id: null, field: null };
      const parties = { applicant, issuer, subject, owner };
      insert.run({ number, state: deed.to, submittedAt, today, content, type, id, field, ...parties, ...due });
      write(number, 1, deed);
      return number;
    },
    move({ number, version }, deed) {
      const today = formatDateTime(deed.at).slice(0, 10);
      const content = JSON.stringify(deed.content);
      const { changes } = change.run({
        number,
        version,
        state: deed.to,
        today,
        content,
        ...dueOf(kind, deed.to, today),
      });
      if (changes !== 1) throw new Error(`${number} changed within a transaction`);
      write(number, version + 1, deed);
    },
    find(number) {
      const found: unknown = byNumber.get(number);
      return found === undefined ? null : row(found);
    },
    *list(query) {
      const { sql, values } = whereOf(query);
      for (const one of db.prepare(`${select}${sql} ORDER BY seq DESC`).iterate(...values)) yield row(one);
    },
    history: (number) => events.all(number).map((one) => event.parse(one)),
    settleDueDays() {
      const rows = z.array(z.object({ number: z.string(), from: z.string(), days: z.number() }));
      const open = db.prepare(
        `SELECT number, counted_from AS "from", answer_days AS days FROM request
         WHERE kind = '${kind.kind}' AND provisional = 1 AND due_on IS NOT NULL`,
      );
      const set = db.prepare(
        `UPDATE request SET due_on = @dueOn, provisional = @provisional, escalates_on = @escalatesOn WHERE number = @number`,
      );
      db.transaction(() => {
        for (const { number, from, days } of rows.parse(open.all()))
          set.run({ number, ...dueDays(from, days, kind.escalationDays) });
      }).immediate();
    },
  };
}

interface DueDays {
  readonly dueOn: string | null;
  readonly provisional: 0 | 1;
  readonly escalatesOn: string | null;
}

/** Until when the owner has to answer, counted from the day of the last move; nothing where it is not its turn. */
function dueOf<State extends string>(
  kind: Pick<BookKind<State, string, unknown>, 'awaitsOwner' | 'answerDays' | 'escalationDays'>,
  state: State,
  today: string,
): DueDays {
  return kind.awaitsOwner(state)
    ? dueDays(today, kind.answerDays, kind.escalationDays)
    : { dueOn: null, provisional: 0, escalatesOn: null };
}

function dueDays(from: string, answerDays: number, escalationDays: number): DueDays {
  const answer = addWorkingDays(from, answerDays);
  const escalation = addWorkingDays(answer.due, escalationDays);
  const provisional = answer.provisional || escalation.provisional ? 1 : 0;
  return { dueOn: answer.due, provisional, escalatesOn: escalation.due };
}

/** Refuses a change that was made for another version than the one that stands. */
export function checkVersion(request: StoredRequest<string, unknown>, version: number): void {
  if (request.version === version) return;
  throw codedError('STALE_VERSION', `${request.number} has changed since; read it again and decide anew`, {
    extensions: { version: request.version },
  });
}

function rowOf<State extends string, Action extends string, Content>(
  kind: BookKind<State, Action, Content>,
): (row: unknown) => StoredRequest<State, Content> {
  const text = z.string();
  const stored = z.object({
    seq: z.number(),
    number: text,
    applicant: text,
    owner: text,
    issuer: text,
    subject: text,
    state: z.enum(kind.states),
    version: z.number(),
    submitted_at: text,
    due_on: text.nullable(),
    provisional: z.number(),
    escalates_on: text.nullable(),
    content: text,
  });
  return (row) => {
    const r = stored.parse(row);
    return {
      seq: r.seq,
      number: r.number,
      applicant: r.applicant,
      owner: r.owner,
      version: r.version,
      by: { issuer: r.issuer, subject: r.subject },
      state: r.state,
      submittedAt: r.submitted_at,
      dueOn: r.due_on,
      provisional: r.provisional === 1,
      escalatesOn: r.escalates_on,
      content: kind.content.parse(JSON.parse(r.content)),
    };
  };
}

function whereOf(query: BookQuery<string>): { sql: string; values: (string | number)[] } {
  const parts: [sql: string, values: (string | number)[]][] = [];
  if (query.party !== null) parts.push(['(applicant = ? OR owner = ?)', [query.party, query.party]]);
  if (query.by !== null) parts.push(['issuer = ? AND subject = ?', [query.by.issuer, query.by.subject]]);
  if (query.owner !== null) parts.push(['owner = ?', [query.owner]]);
  if (query.applicant !== null) parts.push(['applicant = ?', [query.applicant]]);
  if (query.states !== null) parts.push(['state IN (SELECT value FROM json_each(?))', [JSON.stringify(query.states)]]);
  if (query.before !== null) parts.push(['seq < ?', [query.before]]);
  return { sql: parts.map(([sql]) => ` AND ${sql}`).join(''), values: parts.flatMap(([, values]) => values) };
}

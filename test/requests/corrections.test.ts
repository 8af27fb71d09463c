import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import type { Disputes } from '../../src/gate/disputes.ts';
import {
  correctionMachine,
  correctionStates,
  type CorrectionMove,
  type CorrectionState,
} from '../../src/requests/correction-states.ts';
import { openDisputesOf } from '../../src/requests/open-disputes.ts';
import type { Party } from '../../src/requests/state-machine.ts';
import { storedRows } from '../hub/askers.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { codesOf, correctionFields, mutate, of, refusals, value, type Correction } from './request-kit.ts';

/* Who was given a field may report it as wrong; its owner answers in time; until then the field is flagged. */

let clock: number;
const at = (time: string): void => void (clock = Date.parse(`${time}+08:00`));
let hub: RunningHub;
let db: Database.Database;
let disputes: Disputes;
beforeAll(async () => {
  at('2026-11-16T09:00:00');
  hub = await startHub({ LIANQIAO_CORRECTION_WINDOW_DAYS: '30' }, () => clock);
  db = new Database(join(hub.dataDir, 'requests.db'), { readonly: true });
  disputes = openDisputesOf(db);
});
afterAll(async () => {
  db.close();
  await hub.close();
});

const { ticketNo, houseCode, reportTicketNo } = showcase;
const handler: Asker = { ...of('housing', 'HANDLER'), purpose: 'HANDLING' };
const hotline = of('hotline');
const handling = (asker: Asker): Asker => ({ ...asker, purpose: 'HANDLING' });
const reading = (fields: string, ticket: string = ticketNo): string =>
  `{ ticket(ticketNo: "${ticket}") { ${fields} } }`;
const ticketField = (field: string, over: object = {}) => ({
  recordType: 'Ticket',
  recordId: ticketNo,
  field,
  problem: '与实际不符',
  ...over,
});
const report = async (field: string, asker: Asker = handler): Promise<Correction> =>
  value(await mutate(hub, asker, 'reportDataError', ticketField(field))) as Correction;
const read = async (correctionNo: string, asker: Asker = hotline): Promise<Correction> =>
  value(
    await hub.ask(asker, `{ correctionRequest(correctionNo: "${correctionNo}") { ${correctionFields} } }`),
  ) as Correction;
const flags = (): unknown => [...(disputes.openDisputes('Ticket', [ticketNo]).get(ticketNo) ?? [])].toSorted();

describe('from the report to the answer', () => {
  let correction: Correction;

  test('the consumer reports what it was given', async () => {
    await hub.ask(handler, reading('ticketNo reporterName address status'));
    expect(flags()).toEqual([]);
    correction = value(
      await mutate(
        hub,
        handler,
        'reportDataError',
        ticketField('reporterName', { proposedValue: '林小晨', evidence: '登记表 12 号' }),
      ),
    ) as Correction;
    expect(correction).toEqual({
      correctionNo: 'JH-2026-000001',
      state: 'SUBMITTED',
      version: 1,
      applicant: 'housing',
      owner: 'hotline',
      recordType: 'Ticket',
      recordId: ticketNo,
      field: 'reporterName',
      problem: '与实际不符',
      proposedValue: '林小晨',
      evidence: '登记表 12 号',
      submittedAt: '2026-11-16T09:00:00+08:00',
      dueOn: '2026-11-30',
      provisional: false,
      overdue: false,
      escalated: false,
      answer: null,
      history: [{ at: '2026-11-16T09:00:00+08:00', action: 'SUBMIT', actor: 'housing HANDLER', note: null }],
    });
  });

  test('it stands in the ledger by its number alone', () => {
    const [entry] = storedRows<{ records: string }>(
      hub,
      'ledger',
      'SELECT records FROM disclosure ORDER BY rowid DESC LIMIT 1',
    );
    expect(JSON.parse(entry?.records ?? '')).toEqual([
      { type: 'CorrectionRequest', owner: 'hotline', fields: [], ids: ['JH-2026-000001'] },
    ]);
  });

  test('the field is flagged, also where another is reported', async () => {
    expect(flags()).toEqual(['reporterName']);
    await report('address');
    expect(disputes.openDisputes('Ticket', ['12345:1', ticketNo])).toEqual(
      new Map([[ticketNo, new Set(['address', 'reporterName'])]]),
    );
    expect(disputes.openDisputes('House', [ticketNo])).toEqual(new Map());
    expect(disputes.openDisputes('Ticket', [])).toEqual(new Map());
  });

  test('the owner answers, and the flag goes', async () => {
    at('2026-11-18T15:00:00');
    const answered = value(
      await mutate(hub, hotline, 'answerCorrection', {
        correctionNo: correction.correctionNo,
        version: 1,
        answer: 'ACCEPT',
        note: '已按登记表更正',
      }),
    ) as Correction;
    expect(answered).toMatchObject({ state: 'ACCEPTED', version: 2, dueOn: null, answer: '已按登记表更正' });
    expect(await read(correction.correctionNo, handler)).toEqual(answered);
    expect(flags()).toEqual(['address']);
  });

  test('a no has its reason; what was withdrawn is flagged no more', async () => {
    const { correctionNo } = await report('status');
    const rejected = await mutate(hub, hotline, 'answerCorrection', {
      correctionNo,
      version: 1,
      answer: 'REJECT',
      note: '经核实无误',
    });
    expect(value(rejected)).toMatchObject({ state: 'REJECTED', answer: '经核实无误' });
    const [address] = (
      value(
        await hub.ask(handler, '{ correctionRequests(filter: { state: [SUBMITTED] }) { nodes { correctionNo } } }'),
      ) as { nodes: Correction[] }
    ).nodes;
    await mutate(hub, handler, 'withdrawCorrection', { correctionNo: address?.correctionNo ?? '', version: 1 });
    expect(flags()).toEqual([]);
  });
});

describe('who was not given the field', () => {
  /** The whole answer is the one for a record that there is not. */
  async function expectNothing(asker: Asker, input: object): Promise<void> {
    const answer = await mutate(hub, asker, 'reportDataError', input);
    expect(codesOf(answer)).toEqual(['NOT_FOUND']);
    const none = await mutate(hub, asker, 'reportDataError', ticketField('title', { recordId: '12345:1' }));
    expect(answer.text).toBe(none.text);
  }

  test('never asked', async () => {
    await expectNothing(handler, ticketField('title'));
    await expectNothing(handler, ticketField('title', { recordId: '12345:2026110500000009' }));
  });

  test('no such type or field, and what never leaves the gate', async () => {
    await expectNothing(handler, ticketField('nothing'));
    await expectNothing(handler, ticketField('confirmedCoAgencies'));
    await expectNothing(handler, ticketField('title', { recordType: 'Nothing' }));
  });

  test('was denied it', async () => {
    await hub.ask(handler, reading('ticketNo reporterIdNumber'));
    await expectNothing(handler, ticketField('reporterIdNumber'));
  });

  test('had it denied on this record, though given on another of the same answer', async () => {
    const query = `{ a: ticket(ticketNo: "${ticketNo}") { reporterPhone } b: ticket(ticketNo: "${showcase.confidentialTicketNo}") { reporterPhone } }`;
    await hub.ask(handling(of('hotline', 'HANDLER')), query);
    const both = await hub.ask(handler, query);
    expect(both.errors.map((e) => e.extensions['code'])).not.toEqual([]);
    await expectNothing(handler, ticketField('reporterPhone', { recordId: showcase.confidentialTicketNo }));
    expect((await report('reporterPhone')).state).toBe('SUBMITTED');
  });

  test('belongs to another agency than the one that read it', async () => {
    await hub.ask(handler, reading('ticketNo title'));
    await expectNothing(of('grid'), ticketField('title'));
    await expectNothing(of('market', 'SYSTEM'), ticketField('title'));
    expect((await report('title', of('housing'))).applicant).toBe('housing');
  });

  test('is a handler, and somebody else of its agency read it', async () => {
    await hub.ask(handling(of('housing', 'SYSTEM')), reading('ticketNo urgency'));
    await expectNothing(handler, ticketField('urgency'));
    expect((await report('urgency', of('housing', 'SYSTEM'))).state).toBe('SUBMITTED');
  });

  test('read it too long ago', async () => {
    at('2026-11-18T16:00:00');
    await hub.ask(handler, reading('ticketNo channel community'));
    at('2026-12-18T15:59:59');
    expect((await report('channel')).state).toBe('SUBMITTED');
    at('2026-12-18T16:00:01');
    await expectNothing(handler, ticketField('community'));
    at('2026-11-18T16:00:00');
  });

  test('read a report (举报): what is written of it must not leave its handling unit', async () => {
    const unit: Asker = {
      claims: { agency: 'market', role: 'HANDLER', unit: showcase.reportUnit, purposes: ['HANDLING'] },
      purpose: 'HANDLING',
    };
    const answer = await hub.ask(unit, reading('ticketNo title', reportTicketNo));
    expect(answer.errors).toEqual([]);
    await expectNothing(unit, ticketField('title', { recordId: reportTicketNo }));
  });
});

test('a record of any type, and a relation, can be reported', async () => {
  const asker = handling(of('market', 'SYSTEM'));
  await hub.ask(asker, reading('ticketNo houses { house { houseCode estate } }'));
  const house = { recordType: 'House', recordId: houseCode, field: 'estate', problem: '小区名称已变更' };
  expect(value(await mutate(hub, asker, 'reportDataError', house))).toMatchObject({
    owner: 'housing',
    recordType: 'House',
  });
  expect(value(await mutate(hub, asker, 'reportDataError', ticketField('houses')))).toMatchObject({
    owner: 'housing',
    recordType: 'Ticket',
  });
});

test('what is one’s own is corrected at the source, not reported', async () => {
  const asker = handling(of('hotline', 'SYSTEM'));
  await hub.ask(asker, reading('ticketNo sourceSystem'));
  expect(refusals(await mutate(hub, asker, 'reportDataError', ticketField('sourceSystem')))).toEqual([
    'BAD_USER_INPUT input.field: it is your own agency’s; correct it at the source',
  ]);
});

test('the same field is reported once by an agency, and by others as well', async () => {
  await hub.ask(handler, reading('ticketNo street'));
  await hub.ask(handling(of('market', 'SYSTEM')), reading('ticketNo street'));
  await report('street');
  expect(codesOf(await mutate(hub, of('housing'), 'reportDataError', ticketField('street')))).toEqual(['DUPLICATE']);
  expect((await report('street', of('market'))).state).toBe('SUBMITTED');
});

test('a repeated report is one, and an altered one is refused', async () => {
  await hub.ask(handler, reading('ticketNo gridCode'));
  const input = ticketField('gridCode', { clientRequestId: 'once' });
  const first = await mutate(hub, handler, 'reportDataError', input);
  expect((await mutate(hub, handler, 'reportDataError', input)).text).toBe(first.text);
  expect(codesOf(await mutate(hub, handler, 'reportDataError', { ...input, problem: '另一个问题' }))).toEqual([
    'IDEMPOTENCY_CONFLICT',
  ]);
});

test('unanswered it is overdue after its last day, and escalated five working days later', async () => {
  at('2026-11-16T09:00:00');
  await hub.ask(handler, reading('ticketNo dueAt'));
  const { correctionNo } = await report('dueAt');
  const seen: unknown[] = [];
  for (const day of ['2026-11-30', '2026-12-01', '2026-12-07', '2026-12-08']) {
    at(`${day}T10:00:00`);
    const { overdue, escalated } = await read(correctionNo);
    const listed = async (filter: string): Promise<boolean> =>
      (
        value(
          await hub.ask(
            hotline,
            `{ correctionRequests(first: 100, filter: { ${filter}: true }) { nodes { correctionNo } } }`,
          ),
        ) as { nodes: Correction[] }
      ).nodes.some((n) => n.correctionNo === correctionNo);
    seen.push([day, overdue, await listed('overdue'), escalated, await listed('escalated')]);
  }
  expect(seen).toEqual([
    ['2026-11-30', false, false, false, false],
    ['2026-12-01', true, true, false, false],
    ['2026-12-07', true, true, false, false],
    ['2026-12-08', true, true, true, true],
  ]);
  at('2026-11-16T09:00:00');
});

const moves: Readonly<Record<CorrectionMove, (correction: Correction, by: Party) => Promise<Answer>>> = {
  ACCEPT: (c, by) => answer(c, by, 'ACCEPT'),
  REJECT: (c, by) => answer(c, by, 'REJECT'),
  WITHDRAW: ({ correctionNo, version }, by) => mutate(hub, side(by), 'withdrawCorrection', { correctionNo, version }),
};
function side(by: Party): Asker {
  return by === 'OWNER' ? hotline : of('housing');
}
function answer({ correctionNo, version }: Correction, by: Party, kind: string): Promise<Answer> {
  return mutate(hub, side(by), 'answerCorrection', { correctionNo, version, answer: kind, note: '说明' });
}
const fieldOf: Readonly<Record<CorrectionState, string>> = {
  SUBMITTED: 'result',
  ACCEPTED: 'replyText',
  REJECTED: 'resolved',
  WITHDRAWN: 'factual',
};

describe.each(correctionStates)('in the state %s', (state) => {
  let correction: Correction;
  beforeAll(async () => {
    await hub.ask(handler, reading(`ticketNo ${fieldOf[state]}`));
    correction = await report(fieldOf[state]);
    const [way] = Object.entries(correctionMachine.SUBMITTED).filter(([, move]) => move.to === state);
    if (way !== undefined)
      correction = value(await moves[way[0] as CorrectionMove](correction, way[1].by)) as Correction;
    expect(correction.state).toBe(state);
  });
  const illegal = (Object.keys(moves) as CorrectionMove[]).flatMap((action) =>
    (['APPLICANT', 'OWNER'] as const)
      .filter((by) => correctionMachine[state][action]?.by !== by)
      .map((by) => [action, by] as const),
  );

  test.each(illegal)('%s by the %s is illegal and changes nothing', async (action, by) => {
    expect(codesOf(await moves[action](correction, by))).toEqual(['ILLEGAL_TRANSITION']);
    expect(await read(correction.correctionNo)).toEqual(correction);
  });
});

test('of two answers at once one holds, and the other is stale', async () => {
  await hub.ask(handler, reading('ticketNo returned'));
  const correction = await report('returned');
  const answers = await Promise.all([
    moves.ACCEPT(correction, 'OWNER'),
    moves.REJECT(correction, 'OWNER'),
    moves.WITHDRAW(correction, 'APPLICANT'),
  ]);
  expect(answers.flatMap(codesOf)).toEqual(['STALE_VERSION', 'STALE_VERSION']);
  expect((await read(correction.correctionNo)).version).toBe(2);
});

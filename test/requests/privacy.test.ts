import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { storedRows } from '../hub/askers.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import {
  apply,
  applicationFields,
  asking,
  codesOf,
  correctionFields,
  mutate,
  of,
  value,
  type Correction,
} from './request-kit.ts';

/* A request is its two parties' own: to everybody else it is as if it were not there. */

let hub: RunningHub;
let applicationNo: string;
let correctionNo: string;
const reader: Asker = { ...of('housing', 'HANDLER'), purpose: 'HANDLING' };
const texts = { problem: '来电人并非林晓晨', proposedValue: '林小晨', evidence: '现场登记表 12 号' };
beforeAll(async () => {
  hub = await startHub({}, () => Date.parse('2026-11-16T09:00:00+08:00'));
  ({ applicationNo } = await apply(hub));
  await hub.ask(reader, `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo reporterName } }`);
  const dispute = { recordType: 'Ticket', recordId: showcase.ticketNo, field: 'reporterName', ...texts };
  ({ correctionNo } = value(await mutate(hub, reader, 'reportDataError', dispute)) as Correction);
});
afterAll(() => hub.close());

const missing = (query: string): string => query.replaceAll(/(SQ|JH)-2026-000001/g, '$1-2026-999999');
const application = (): string => `{ accessApplication(applicationNo: "${applicationNo}") { ${applicationFields} } }`;
const change = (): string => `{ accessPolicyChange(applicationNo: "${applicationNo}") { grant changedFile } }`;
const correction = (): string => `{ correctionRequest(correctionNo: "${correctionNo}") { ${correctionFields} } }`;

describe('an application', () => {
  const strangers: readonly [string, Asker][] = [
    ['another agency', of('police')],
    ['its supervisor', of('grid', 'SUPERVISOR')],
    ['an agency that no connector stands for', of('fire', 'SYSTEM')],
  ];

  test.each(strangers)('is to %s as if it were not there', async (_name, stranger) => {
    for (const query of [application(), change()]) {
      const answer = await hub.ask(stranger, query);
      expect(codesOf(answer)).toEqual(['NOT_FOUND']);
      expect(answer.text).toBe((await hub.ask(stranger, missing(query))).text);
    }
    for (const [name, input] of [
      ['returnAccessApplication', { reason: 'x' }],
      ['decideAccessApplication', { decision: 'ACCEPT', reason: 'x' }],
      ['withdrawAccessApplication', {}],
      ['resubmitAccessApplication', asking],
    ] as const) {
      // The same for a version that it never had: nothing of it is told.
      for (const version of [1, 7]) {
        const there = await mutate(hub, stranger, name, { ...input, applicationNo, version });
        expect(codesOf(there)).toEqual(['NOT_FOUND']);
        const not = await mutate(hub, stranger, name, { ...input, applicationNo: 'SQ-2026-999999', version });
        expect(there.text).toBe(not.text);
      }
    }
    expect(value(await hub.ask(stranger, '{ accessApplications { nodes { applicationNo } } }'))).toEqual({ nodes: [] });
  });

  test.each([
    ['the applicant', of('market')],
    ['its supervisor', of('market', 'SUPERVISOR')],
    ['its system', of('market', 'SYSTEM')],
    ['the owner', of('housing', 'SYSTEM')],
    ['an auditor', of('audit', 'AUDITOR')],
  ])('is seen by %s', async (_name, asker) => {
    expect(value(await hub.ask(asker, application()))).toMatchObject({ applicationNo, state: 'SUBMITTED' });
    const list = '{ accessApplications { nodes { applicationNo } } }';
    expect(value(await hub.ask(asker, list))).toEqual({ nodes: [{ applicationNo }] });
  });

  test('is nothing for other roles, of the parties too', async () => {
    for (const role of ['HANDLER', 'OPERATOR', 'GRID_WORKER'] as const)
      expect(codesOf(await hub.ask(of('market', role), application()))).toEqual(['FIELD_DENIED']);
    for (const role of ['HANDLER', 'OPERATOR', 'GRID_WORKER', 'AUDITOR'] as const)
      expect(codesOf(await mutate(hub, of('market', role), 'applyForAccess', asking))).toEqual(['FIELD_DENIED']);
  });

  test('shows its policy change to the owner alone', async () => {
    expect((value(await hub.ask(of('housing'), change())) as { grant: string }).grant).toContain('House.ownerName');
    expect(codesOf(await hub.ask(of('market'), change()))).toEqual(['NOT_FOUND']);
    expect(codesOf(await hub.ask(of('audit', 'AUDITOR'), change()))).toEqual(['FIELD_DENIED']);
  });
});

describe('a correction request', () => {
  test.each([
    ['another agency', of('police')],
    ['an agency that read the same record', of('market', 'SYSTEM')],
    ['a handler of another agency', of('grid', 'HANDLER')],
    ['a handler of the owner', of('hotline', 'HANDLER')],
  ] as const)('is to %s as if it were not there', async (_name, stranger) => {
    const answer = await hub.ask(stranger, correction());
    expect(codesOf(answer)).toEqual(['NOT_FOUND']);
    expect(answer.text).toBe((await hub.ask(stranger, missing(correction()))).text);
    for (const name of ['answerCorrection', 'withdrawCorrection'] as const) {
      if (name === 'answerCorrection' && stranger.claims.role === 'HANDLER') continue;
      const input = name === 'answerCorrection' ? { answer: 'ACCEPT', note: 'x' } : {};
      expect(codesOf(await mutate(hub, stranger, name, { ...input, correctionNo, version: 1 }))).toEqual(['NOT_FOUND']);
    }
    expect(value(await hub.ask(stranger, '{ correctionRequests { nodes { correctionNo } } }'))).toEqual({ nodes: [] });
  });

  test('is nothing for auditors and for those who see no records', async () => {
    for (const role of ['AUDITOR', 'OPERATOR', 'GRID_WORKER'] as const)
      for (const query of [correction(), '{ correctionRequests { nodes { problem } } }'])
        expect(codesOf(await hub.ask(of('housing', role), query))).toEqual(['FIELD_DENIED']);
  });

  test.each([
    ['who reported it', reader],
    ['the steward of the agency', of('housing')],
    ['the owner', of('hotline')],
    ['the owner’s system', of('hotline', 'SYSTEM')],
  ])('is seen by %s, texts included', async (_name, asker) => {
    expect(value(await hub.ask(asker, correction()))).toMatchObject({ correctionNo, ...texts });
  });
});

test('no log, ledger entry or metric holds a text', async () => {
  const metrics = await (await fetch(`${hub.url}/metrics`)).text();
  const entries = JSON.stringify(storedRows(hub, 'ledger', 'SELECT * FROM disclosure'));
  for (const text of [...Object.values(texts), asking.scenario])
    for (const place of [hub.logged(), metrics, entries]) expect(place).not.toContain(text);
  expect(entries).toContain(correctionNo);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { holds } from '../../src/access/condition.ts';
import { readCondition } from '../../src/access/condition-file.ts';
import { decide } from '../../src/access/decide.ts';
import { schemaFacts } from '../../src/access/facts.ts';
import { maskNames, type MaskName } from '../../src/access/mask-name.ts';
import { parsePolicy } from '../../src/access/policy-file.ts';
import { compilePolicy, type Policy } from '../../src/access/policy.ts';
import { isPredicateName, predicates } from '../../src/access/predicates.ts';
import { ConfigurationError, printProblem } from '../../src/access/problem.ts';
import { formatDateTime } from '../../src/codes/date-time.ts';
import type { SourceRecord } from '../../src/connector/connector.ts';
import type { SdlModule } from '../../src/connector/sdl-module.ts';
import { usualCircumstances } from '../../src/connector/circumstances.ts';
import { createRegistry } from '../../src/connector/registry.ts';
import { createCursorSeal } from '../../src/gate/cursor.ts';
import { applyMask } from '../../src/gate/masks.ts';
import { Deadline } from '../../src/gate/deadline.ts';
import { GateRun, type GateServices } from '../../src/gate/run.ts';
import type { Verdict } from '../../src/gate/verdict.ts';
import { purposes, roles, type Principal, type Purpose, type Role } from '../../src/identity/principal.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { startHub } from '../kit/running-hub.ts';
import { block, blocks, code, codes, languages, page, table } from './markdown.ts';

const doc = page('policy');
const now = Date.parse('2026-11-23T09:30:00+08:00');

const sdl: readonly SdlModule[] = [
  { agency: 'water', file: 'water/schema.graphql', sdl: block(doc, 'water/schema.graphql') },
  ...['ticket', 'handoff'].map((name) => {
    const file = `schema/${name}.graphql`;
    return { agency: 'hotline', file, sdl: readFileSync(join(projectRoot, file), 'utf8') };
  }),
];
const facts = schemaFacts(sdl);

describe('the example', () => {
  const policy = compile('water/sharing.yaml');
  const account: SourceRecord = {
    accountNo: '1',
    divisionCode: '350102001003',
    readOn: formatDateTime(now - 30 * 86_400_000).slice(0, 10),
  };
  const ticket: SourceRecord = { leadAgency: 'housing', confirmedCoAgencies: ['market'] };
  const columns = ['accountNo', 'payerName', 'payerPhone', 'address', 'remark', 'bankAccount'];

  test.each(table(doc, 'outcome'))('gives %s, %s, what the table says', (caller, led, ...verdicts) => {
    const [agency = '', role, purpose] = codes(caller);
    const area = /area (\d+)/.exec(led)?.[1];
    const principal = principalOf(agency, role as Role, purpose as Purpose, area === undefined ? [] : [area]);
    const way = led.startsWith('none') ? null : ticket;
    expect(columns.map((field) => verdict(policy, principal, field, account, way))).toEqual([
      ...verdicts,
      verdicts[0] === 'no record' ? 'no record' : 'denied',
    ]);
  });

  test('prints every mistake of the wrong file with its line', () => {
    for (const name of ['broken', 'malformed']) {
      expect(problemsOf(`${name}/sharing.yaml`)).toEqual(block(doc, `${name}/output`).trimEnd().split('\n'));
    }
  });
});

test('the query that explains is answered', async () => {
  const hub = await startHub();
  try {
    const { data, errors } = await hub.ask(
      { claims: { agency: 'housing', role: 'HANDLER', purposes: ['HANDLING'] } },
      block(doc, 'query'),
    );
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      explainAccess: { fields: [{ coordinate: 'Ticket.reporterPhone', verdict: 'CONDITIONAL', mask: 'phone' }] },
    });
  } finally {
    await hub.close();
  }
});

describe('above every grant', () => {
  const all = facts.fieldsOf('Ticket').filter((f) => f.owner === 'hotline' && f.category !== 'NONE');
  const policy = compilePolicy(
    [
      parsePolicy(
        `{ policy: 1, agency: hotline, grants: [{ id: all, to: [{ agency: '*', roles: [HANDLER] }], purposes: [HANDLING], law: none, verbatim: [${all.map((f) => f.coordinate).join(', ')}] }] }`,
        'all.yaml',
      ),
    ],
    facts,
    [],
  );
  const shown = (ticket: SourceRecord, unit: string | null, fuzzy = false, exact = true): Record<string, string> => {
    const principal = { ...principalOf('market', 'HANDLER', 'HANDLING', []), unit };
    const run = runOf(principal);
    const verdicts = facts.fieldsOf('Ticket').map((f) => {
      const decision = decide(f, { agency: 'market', role: 'HANDLER', purpose: 'HANDLING' }, policy, fuzzy);
      return [f.field, words(run.judge(decision, 'Ticket')({ record: ticket, ticket, exact }))] as const;
    });
    return Object.fromEntries(verdicts.filter(([, word]) => word !== 'denied'));
  };
  const lead = { leadAgency: 'market', leadUnit: 'inspection', confidential: null };
  const everything = Object.fromEntries(all.map((f) => [f.field, 'plain']));
  const without = (fields: readonly string[]): Record<string, string> =>
    Object.fromEntries(Object.entries(everything).filter(([field]) => !fields.includes(field)));
  const kinds = (...of: readonly string[]): string[] =>
    all.filter((f) => f.personal !== null && of.includes(f.personal)).map((f) => f.field);

  test('a grant of everything gives everything but NONE', () => {
    expect(shown({ ...lead, type: 'COMPLAINT' }, null)).toEqual(everything);
    expect(everything).not.toHaveProperty('confirmedCoAgencies');
  });

  test('a report shows number, status and times outside its handling unit', () => {
    const times = all.filter((f) => f.of === 'DateTime').map((f) => f.field);
    const open = Object.fromEntries(['ticketNo', 'status', ...times].map((field) => [field, 'plain']));
    expect(shown({ ...lead, type: 'REPORT' }, null)).toEqual(open);
    expect(shown({ ...lead, type: 'REPORT' }, 'licensing')).toEqual(open);
    expect(shown({ ...lead, type: 'REPORT', leadAgency: 'police' }, 'inspection')).toEqual(open);
    expect(shown({ ...lead, type: 'REPORT' }, 'inspection')).toEqual(everything);
  });

  test('a reporter’s secrecy closes name, phone and ID number and redacts the text', () => {
    const redacted = Object.fromEntries(kinds('FREE_TEXT').map((field) => [field, 'mask `redacted`']));
    const secret = { ...lead, type: 'COMPLAINT', confidential: true };
    expect(shown(secret, null)).toEqual({ ...without(kinds('NAME', 'PHONE', 'ID_NUMBER')), ...redacted });
    expect(shown(secret, 'inspection')).toEqual(everything);
  });

  test('a fuzzy match opens nothing personal', () => {
    const personal = all.filter((f) => f.personal !== null).map((f) => f.field);
    expect(shown({ ...lead, type: 'COMPLAINT' }, 'inspection', true, false)).toEqual(without(personal));
    expect(shown({ ...lead, type: 'COMPLAINT' }, 'inspection', true, true)).toEqual(everything);
  });
});

describe.each(languages)('docs/policy%s.md', (language) => {
  const text = page(`policy${language}`);

  test('has the example', () => {
    expect(blocks(text)).toEqual(blocks(doc));
    expect(table(text, 'outcome').map((row) => row.flatMap(codes))).toEqual(
      table(doc, 'outcome').map((row) => row.flatMap(codes)),
    );
  });

  test('lists the predicates, what they speak of, what they read and how they are written', () => {
    const abouts = {
      record: 'record',
      ticket: 'ticket',
      match: 'match',
      time: 'time',
      记录: 'record',
      工单: 'ticket',
      匹配: 'match',
      时间: 'time',
    };
    const listed = table(text, 'predicates').map(([forms = '', about = '', reads = '']) => ({
      forms: codes(forms).map(read),
      about: (abouts as Readonly<Record<string, string>>)[about],
      reads: codes(reads),
    }));
    expect(listed.map(({ forms, about }) => ({ name: forms[0]?.name, about }))).toEqual(
      Object.entries(predicates).map(([name, { about }]) => ({ name, about })),
    );
    for (const { forms, reads } of listed) {
      expect(reads).toEqual([...new Set(forms.flatMap((form) => form.reads))]);
      expect(new Set(forms.map((form) => form.name)).size).toBe(1);
    }
  });

  test('lists the masks, each with what it does', () => {
    const rows = table(text, 'masks').map(
      ([name, of, gives]) => [code(name), code(of), codes(gives ?? '')[0]] as const,
    );
    expect(rows.map(([name]) => name)).toEqual([...maskNames]);
    for (const [name, of, gives] of rows) {
      const masked = applyMask(name as MaskName, of, {
        pseudonymKey: Buffer.alloc(32),
        known: { names: ['欧阳小敏'], addresses: ['鼓楼区东街街道温泉路12号3栋501'] },
      });
      if (name === 'pseudonym') expect(masked).toMatch(new RegExp(`^${gives}.{10}$`));
      else expect(masked).toBe(gives);
    }
  });

  test('lists the roles, the purposes and the verdicts', () => {
    const line = (start: string): readonly string[] =>
      codes(text.split('\n').find((l) => l.startsWith(start)) ?? '').filter((c) => /^[A-Z_]+$/.test(c));
    expect(line(language === '' ? 'Roles: ' : '角色: ')).toEqual([...roles]);
    expect(line(language === '' ? 'Purposes: ' : '目的: ')).toEqual([...purposes]);
  });
});

test('what the owner says of last good answers is taken', () => {
  expect(compile('water/sharing.yaml').lastKnownGoodSeconds('water')).toBe(0);
  expect(compile('water/sharing.yaml', 'last known good').lastKnownGoodSeconds('water')).toBe(3_600);
});

/** The policy of this block, with more blocks added at its end. */
function compile(label: string, ...more: readonly string[]): Policy {
  return compilePolicy(
    [parsePolicy([label, ...more].map((name) => block(doc, name)).join('\n'), label)],
    facts,
    sdl.map((m) => m.sdl),
  );
}

/** In the order of lines. */
function problemsOf(label: string): string[] {
  try {
    compile(label);
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)).map(printProblem);
    throw error;
  }
  throw new Error(`${label} was taken`);
}

/** One way to write a condition, as the policy reader takes it. */
function read(form: string): { name: string; reads: readonly string[] } {
  const problems: string[] = [];
  const condition = readCondition(
    [parse(form)],
    [],
    (_path, message) => void problems.push(message),
    () => undefined,
  );
  expect({ form, problems }).toEqual({ form, problems: [] });
  const [only] = condition.kind === 'all' ? condition.of : [];
  if (only?.kind !== 'predicate' || !isPredicateName(only.name)) throw new Error(`${form} is no predicate`);
  return { name: only.name, reads: predicates[only.name].reads(only.args) };
}

/** What the caller gets of one field of the account, in the words of the table. */
function verdict(
  policy: Policy,
  principal: Principal,
  field: string,
  record: SourceRecord,
  ticket: SourceRecord | null,
): string {
  const run = runOf(principal);
  const of = { agency: principal.agency, role: principal.role, purpose: run.caller.purpose };
  const one = { record, ticket, exact: true };
  const rows = policy.rowsFor('WaterAccount', of);
  if (rows === null || !holds(run.bound(rows, 'WaterAccount'), one)) return 'no record';
  const fact = facts.fields.get(`WaterAccount.${field}`);
  if (fact === undefined) throw new Error(`there is no field ${field}`);
  return words(run.judge(decide(fact, of, policy, false), 'WaterAccount')(one));
}

function words(given: Verdict): string {
  switch (given.status) {
    case 'ALLOWED':
      return 'plain';
    case 'MASKED':
      return `mask \`${given.mask}\``;
    case 'DENIED':
      return 'denied';
  }
}

function runOf(principal: Principal): GateRun {
  const [purpose = null] = principal.purposes;
  return new GateRun(services, { principal, purpose, ticketNo: null }, {}, new Deadline(60_000), now);
}

const services: GateServices = {
  registry: createRegistry([]),
  source: () => undefined,
  joinSecret: Buffer.alloc(32),
  pseudonymSecret: Buffer.alloc(32),
  cursors: createCursorSeal(Buffer.alloc(32)),
  statistics: { smallestCell: 10, settlingDays: 30 },
  times: { warningHours: 24, repeatDays: 90, duplicateDays: 15, mergeDays: 7 },
  disputes: { openDisputes: () => new Map() },
  circumstances: usualCircumstances,
};

function principalOf(agency: string, role: Role, purpose: Purpose, areas: readonly string[]): Principal {
  const names = { subject: 's', issuer: 'i', tokenId: 't', unit: null, operator: null };
  return { ...names, agency, role, areas, grids: [], purposes: [purpose], expiresAt: 0 };
}

import Database from 'better-sqlite3';
import { buildSchema, graphql } from 'graphql';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text as bodyOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { namesOf as namesOfAgency } from '../../src/scaffold/names.ts';
import { takenNames } from '../../src/scaffold/taken.ts';
import { wsdlFile } from '../../src/scaffold/wsdl-file.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { makeCopy, type Copy } from '../kit/copy.ts';
import { describeOn } from '../kit/describe-on.ts';
import type { Answer, Asker, RunningHub } from '../kit/running-hub.ts';
import { clients, testDatabase, type TestDatabase } from '../kit/test-database.ts';
import { errorLines, storedRows } from '../hub/askers.ts';

/* A source that holds numbers as they were typed, and no digests, is asked for the number itself. */

const schema = `
"联系人"
type Contact @dataset(title: "联系人", titleEn: "Contacts", updateFrequency: DAILY, format: DATABASE) {
  "编号"
  contactNo: ID! @share(category: CONDITIONAL) @grade(level: 1)
  "电话"
  phone: Phone @share(category: CONDITIONAL) @grade(level: 3) @personal(kind: PHONE)
  "证件号码"
  idNumber: String @share(category: CONDITIONAL) @grade(level: 3) @personal(kind: ID_NUMBER, sensitive: true)
  access: [FieldAccess!]
}

type Ticket @key(fields: "ticketNo") {
  ticketNo: ID! @external
  "同号码联系人"
  contactsByPhone: [Contact!] @share(category: CONDITIONAL) @grade(level: 2)
  "同证件联系人"
  contactsById: [Contact!] @share(category: CONDITIONAL) @grade(level: 2)
}
`;

const mapping = `
import { idNumber, localPhone, text } from '../../src/connector/codings.ts';
import { column } from '../../src/connector/mapping.ts';

export const contact = {
  contactNo: column('BH', text),
  phone: column('DH', localPhone('0591')),
  idNumber: column('ZJHM', idNumber),
};
`;

const connector = (fuzzy = false, child = 'phone'): string => `
import { defineConnector } from '../../src/connector/define-connector.ts';
import { graphqlDriver } from '../../src/connector/graphql/graphql-driver.ts';
import { restDriver } from '../../src/connector/rest/rest-driver.ts';
import { soapDriver } from '../../src/connector/soap/soap-driver.ts';
import { sqlDriver } from '../../src/connector/sql/sql-driver.ts';
import { contact } from './mapping.ts';

const by = (parent: string, child: string, as: 'phone' | 'idNumber') =>
  [{ matchedBy: 'NUMBER', confidence: 0.9, fuzzy: ${fuzzy}, parent, child, as }] as const;

const list = (name: string) => ({ kind: 'list', argument: { name, type: '[String!]' }, most: 100 }) as const;

export default defineConnector({
  agency: 'fire',
  sources: [
    {
      name: 'fire',
      entities: [{ type: 'Contact', key: 'contactNo', order: [{ field: 'contactNo', direction: 'ASC' }], mapping: contact }],
      drivers: [
        sqlDriver({ Contact: 'LXR' }),
        restDriver({
          health: '/health',
          entities: {
            Contact: {
              list: { method: 'POST', path: '/contacts', columns: { name: 'fields' }, paging: { kind: 'none' } },
              keys: {
                BH: { kind: 'batch', parameter: { name: 'nos' }, most: 100 },
                DH: { kind: 'batch', parameter: { name: 'phones' }, most: 100 },
                ZJHM: { kind: 'batch', parameter: { name: 'ids' }, most: 100 },
              },
              rows: ['rows'],
            },
          },
        }),
        graphqlDriver({
          Contact: {
            list: { field: 'contacts', rows: [], paging: { kind: 'none' } },
            keys: { BH: list('nos'), DH: list('phones'), ZJHM: list('ids') },
          },
        }),
        soapDriver({
          wsdl: 'connectors/fire/contacts.wsdl',
          entities: {
            Contact: {
              list: { operation: 'QueryContact', rows: ['items', 'item'], paging: { kind: 'none' } },
              keys: {
                BH: { element: ['nos', 'no'], most: 100 },
                DH: { element: ['phones', 'phone'], most: 100 },
                ZJHM: { element: ['ids', 'id'], most: 100 },
              },
              omitsNulls: true,
            },
          },
        }),
      ],
    },
  ],
  relations: [
    { on: 'Ticket', field: 'contactsByPhone', to: 'Contact', shape: { kind: 'list', max: 10 }, by: by('reporterPhone', '${child}', 'phone') },
    { on: 'Ticket', field: 'contactsById', to: 'Contact', shape: { kind: 'list', max: 10 }, by: by('reporterIdNumber', 'idNumber', 'idNumber') },
  ],
  roots: [],
  cases: [],
});
`;

const sharing = `policy: 1
agency: fire

rows:
  - id: contacts-of-handled
    of: [Contact]
    to: [{ agency: '*', roles: [SYSTEM, HANDLER] }]
    when: [handlesTicket]
grants:
  - id: to-departments
    to: [{ agency: '*', roles: [SYSTEM, HANDLER] }]
    purposes: [HANDLING]
    law: 政务数据共享条例 art. 10
    when: [handlesTicket]
    plain: [Contact.contactNo, Ticket.contactsByPhone, Ticket.contactsById]
    mask:
      phone: [Contact.phone]
    deny: [Contact.idNumber]
`;

const approvals = `
  - { reads: Ticket.reporterPhone, for: Ticket.contactsByPhone, law: 国办函〔2025〕66号, inClear: true }
  - { reads: Ticket.reporterIdNumber, for: Ticket.contactsById, law: 国办函〔2025〕66号, inClear: true }
`;

const handler: Asker = {
  claims: { agency: 'housing', role: 'HANDLER', unit: showcase.leadUnit, purposes: ['HANDLING'] },
  purpose: 'HANDLING',
};

const mobile = showcase.reporterPhone;
/** The same subscriber as desks type it, and numbers that only look alike. */
const same = [mobile, `+86 ${mobile}`, '138 0059 0517', '138-0059-0517', `0${mobile}`];
const others = ['13800590518', '013800590516', '0591-87650119', '张三', null];
const query = `{ ticket(ticketNo: "${showcase.ticketNo}") {
  contactsByPhone { contactNo phone access { field status } }
  contactsById { contactNo }
} }`;
const namesOf = (answer: Answer) => {
  const { ticket } = answer.data as { ticket: Record<'contactsByPhone' | 'contactsById', { contactNo: string }[]> };
  return {
    byPhone: ticket.contactsByPhone.map((c) => c.contactNo),
    byId: ticket.contactsById.map((c) => c.contactNo),
  };
};

interface Contact {
  readonly BH: string;
  readonly DH: string | null;
  readonly ZJHM: string | null;
}
const contactsOf = (idNumber: string): Contact[] => [
  ...same.map((DH, i): Contact => ({ BH: `P${i}`, DH, ZJHM: null })),
  ...others.map((DH, i): Contact => ({ BH: `Q${i}`, DH, ZJHM: '350102198001011234' })),
  { BH: 'R0', DH: null, ZJHM: idNumber },
  { BH: 'R1', DH: null, ZJHM: idNumber.toLowerCase() },
  { BH: 'R2', DH: null, ZJHM: `${idNumber.slice(0, 17)}0` },
];
const right = { byPhone: same.map((_, i) => `P${i}`), byId: ['R0', 'R1'] };

/** The service of a scaffold, found by other columns. */
const wsdl = wsdlFile(namesOfAgency({ agency: 'fire', source: 'soap', type: 'Contact' }, takenNames(projectRoot)))
  .replace('name="GDBH"', 'name="DH"')
  .replace('name="XZQHDM"', 'name="ZJHM"')
  .replace('name="numbers"', 'name="nos"')
  .replace('name="number"', 'name="no"')
  .replace('name="tickets"', 'name="phones"')
  .replace('name="ticket"', 'name="phone"')
  .replace('name="columns"', 'name="ids"')
  .replace('name="column"', 'name="id"');

type Lists = Readonly<Record<string, readonly string[]>>;
const contactsSchema = buildSchema(`
  type Contact { BH: String DH: String ZJHM: String }
  type Query { contacts(nos: [String!], phones: [String!], ids: [String!]): [Contact!]! }
`);

const copies: Copy[] = [];
function copyWith({ code = connector(), joins = approvals } = {}): Copy {
  const copy = makeCopy();
  copies.push(copy);
  copy.write('connectors/fire/schema.graphql', schema);
  copy.write('connectors/fire/mapping.ts', mapping);
  copy.write('connectors/fire/connector.ts', code);
  copy.write('connectors/fire/contacts.wsdl', wsdl);
  copy.write('connectors/fire/sharing.yaml', sharing);
  copy.append('connectors/hotline/sharing.yaml', joins);
  return copy;
}
const start = (copy: Copy, env: Readonly<Record<string, string>> = {}): Promise<RunningHub> =>
  copy.start({ LIANQIAO_CONNECTORS: '[hotline, police, grid, market, housing, fire]', ...env });

/** Gives the reporter of the ticket an ID number that ends in X, which is written small as well. */
function giveIdNumber(hub: RunningHub): string {
  const idNumber = '11010519491231002X';
  const db = new Database(join(hub.dataDir, 'hotline.db'));
  db.prepare('UPDATE ticket SET reporter_id_number = ? WHERE ticket_no = ?').run(idNumber, showcase.ticketNo);
  db.close();
  return idNumber;
}

/** No number of anybody, in any spelling, stands in what the hub wrote down or gave. */
function expectUnsaid(hub: RunningHub, statements: string, answer: Answer, idNumber: string): void {
  const ledger = JSON.stringify(storedRows(hub, 'ledger', 'SELECT * FROM disclosure'));
  for (const secret of [...same, idNumber, mobile.slice(3)])
    for (const said of [statements, hub.logged(), ledger, answer.text]) expect(said).not.toContain(secret);
  expect(ledger).toContain('P0');
}

afterAll(async () => {
  for (const copy of copies) await copy.remove();
});

const sourcesOf = (settings: object): Readonly<Record<string, string>> => ({
  LIANQIAO_SOURCES: JSON.stringify({ fire: settings }),
});

for (const client of clients) {
  describeOn(client, `on ${client}`, () => {
    let hub: RunningHub;
    let database: TestDatabase;
    let idNumber: string;
    const named = (name: string): string => (client === 'postgres' ? `"${name}"` : `\`${name}\``);
    const put = ({ BH, DH, ZJHM }: Contact): Promise<unknown> =>
      database.exec(`INSERT INTO ${named('LXR')} VALUES (?, ?, ?)`, [BH, DH, ZJHM]);
    beforeAll(async () => {
      database = await testDatabase(client);
      hub = await start(copyWith(), sourcesOf(database.settings()));
      idNumber = giveIdNumber(hub);
      const columns = ['BH VARCHAR(20) PRIMARY KEY', 'DH VARCHAR(40)', 'ZJHM VARCHAR(18)'].map((c) =>
        c.replace(/^\w+/, named),
      );
      await database.exec(`CREATE TABLE ${named('LXR')} (${columns.join(', ')})`);
      for (const contact of contactsOf(idNumber)) await put(contact);
    });
    afterAll(() => database?.drop());

    test('every usual spelling of the number is found, and no other number; it is bound and stands nowhere', async () => {
      hub.takeStatements();
      const answer = await hub.ask(handler, query);
      expect(errorLines(answer)).toEqual([]);
      expect(namesOf(answer)).toEqual(right);
      const asked = hub.takeStatements().filter((s) => s.agency === 'fire');
      expect(asked.map((s) => s.sql).join()).toMatch(/.DH. (?:in \(\?|= any\(\$1)/);
      expectUnsaid(hub, JSON.stringify(asked), answer, idNumber);
    });

    test('a limit is one of the number, not of each spelling', async () => {
      for (let i = 0; i < 30; i += 1)
        await put({ BH: `O${10 + i}`, DH: i % 2 === 0 ? mobile : `+86 ${mobile}`, ZJHM: null });
      const answer = await hub.ask(handler, query);
      expect(namesOf(answer).byPhone).toEqual(Array.from({ length: 10 }, (_, i) => `O${10 + i}`));
    });
  });
}

/** The contacts that some of the lists name, as a service finds them: by what was typed. */
function found(idNumber: string, lists: Readonly<Record<string, readonly string[] | null | undefined>>): Contact[] {
  return contactsOf(idNumber).filter(
    ({ BH, DH, ZJHM }) =>
      lists['nos']?.includes(BH) === true ||
      lists['phones']?.includes(DH ?? '') === true ||
      lists['ids']?.includes(ZJHM ?? '') === true,
  );
}

/** What a service of each kind was asked for, and its answer. */
const services: Readonly<
  Record<'rest' | 'graphql' | 'soap', (body: string, idNumber: string) => Promise<{ asked: Lists; answer: string }>>
> = {
  async rest(body, idNumber) {
    const asked = JSON.parse(body) as Lists;
    return { asked, answer: JSON.stringify({ rows: found(idNumber, asked) }) };
  },
  async graphql(body, idNumber) {
    const { query: source, variables: variableValues } = JSON.parse(body) as { query: string; variables: object };
    const calls: Lists[] = [];
    const rootValue = { contacts: (asked: Lists) => (calls.push(asked), found(idNumber, asked)) };
    const result = await graphql({ schema: contactsSchema, source, variableValues: { ...variableValues }, rootValue });
    return { asked: Object.assign({}, ...calls) as Lists, answer: JSON.stringify(result) };
  },
  async soap(body, idNumber) {
    const texts = (name: string): string[] =>
      [...body.matchAll(new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`, 'g'))].map(([, text = '']) => text);
    const asked = { nos: texts('no'), phones: texts('phone'), ids: texts('id') };
    const one = (name: string, value: string | null): string =>
      value === null ? '' : `<n:${name}>${value}</n:${name}>`;
    const items = found(idNumber, asked).map(
      ({ BH, DH, ZJHM }) => `<n:item>${one('BH', BH)}${one('DH', DH)}${one('ZJHM', ZJHM)}</n:item>`,
    );
    const answer = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><n:QueryContactResponse xmlns:n="urn:fire:records"><n:items>${items.join('')}</n:items></n:QueryContactResponse></e:Body></e:Envelope>`;
    return { asked, answer };
  },
};

describe.each(Object.entries(services))('on a service over %s', (kind, answerOf) => {
  let hub: RunningHub;
  let service: Server;
  let idNumber: string;
  const calls: { readonly url: string; readonly asked: Lists }[] = [];
  beforeAll(async () => {
    service = createServer((request, response) => {
      void bodyOf(request)
        .then((body) => answerOf(body, idNumber))
        .then(({ asked, answer }) => {
          calls.push({ url: request.url ?? '', asked });
          response
            .setHeader('content-type', kind === 'soap' ? 'text/xml; charset=utf-8' : 'application/json')
            .end(answer);
        });
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const { port } = service.address() as AddressInfo;
    hub = await start(copyWith(), sourcesOf({ kind, url: `http://127.0.0.1:${port}` }));
    idNumber = giveIdNumber(hub);
  });
  afterAll(() => service.close());

  test('every usual spelling is asked for together, in the body', async () => {
    hub.takeStatements();
    const answer = await hub.ask(handler, query);
    expect(errorLines(answer)).toEqual([]);
    expect(namesOf(answer)).toEqual(right);
    const byPhone = calls.filter(({ asked }) => (asked['phones']?.length ?? 0) > 0);
    expect(byPhone).toHaveLength(1);
    expect(byPhone[0]?.asked['phones']).toEqual(expect.arrayContaining(same));
    expect(calls.map((c) => c.url).join()).not.toMatch(/\d{4}/);
    expectUnsaid(hub, JSON.stringify(hub.takeStatements()), answer, idNumber);
  });
});

describe('what does not start', () => {
  test.each([
    [
      'without the word "in clear" of the owner',
      { joins: approvals.replaceAll(', inClear: true', '') },
      'inClear: true',
    ],
    ['fuzzily', { code: connector(true) }, 'joins by phone, which is never fuzzy'],
    [
      'by a column of other values',
      { code: connector(false, 'contactNo') },
      'Contact.contactNo is no column with the coding phone',
    ],
    [
      'by a number in an address',
      { code: connector().replaceAll("method: 'POST'", "method: 'GET'") },
      'asked for by POST in a batch, never in an address',
    ],
  ])('a join %s', async (_, change, message) => {
    const env = message.includes('POST') ? { LIANQIAO_SOURCES: '{fire: {kind: rest, url: "http://127.0.0.1:1"}}' } : {};
    await expect(start(copyWith(change), env)).rejects.toThrow(message);
  });
});

import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import * as codings from '../../src/connector/codings.ts';
import * as mapping from '../../src/connector/mapping.ts';
import type { Coding } from '../../src/connector/mapping.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { makeCopy, type Copy } from '../kit/copy.ts';
import type { Asker, RunningHub } from '../kit/running-hub.ts';
import { block, blocks, code, languages, page, table } from './markdown.ts';

const doc = page('connectors');
const folder = ['schema.graphql', 'mapping.ts', 'connector.ts', 'sharing.yaml'].map(
  (file) => `connectors/fire/${file}`,
);

const supervisor: Asker = {
  claims: { agency: 'hotline', role: 'SUPERVISOR', areas: [showcase.areaCode], purposes: ['SUPERVISION'] },
  purpose: 'SUPERVISION',
};
const handler: Asker = {
  claims: { agency: 'housing', role: 'HANDLER', unit: showcase.leadUnit, purposes: ['HANDLING'] },
  purpose: 'HANDLING',
};

const copies: Copy[] = [];
const configs: string[] = [];

afterAll(async () => {
  for (const copy of copies) await copy.remove();
  for (const path of configs) rmSync(path, { force: true });
});

describe('an agency that is added as the page says', () => {
  let copy: Copy;
  let hub: RunningHub;

  beforeAll(() => {
    copy = copyWithFolder();
    copy.generate();
  });

  test('is a folder and a line: no other file changes', () => {
    const changed = [...folder, 'connectors/fire/records.ts'].toSorted();
    expect(copy.changed()).toEqual({ changed, gone: [] });
  });

  test('compiles', () => {
    expect(copy.typeErrors('connectors/fire')).toEqual([]);
  });

  test('answers the query of the page over HTTP', async () => {
    hub = await start(copy);
    const { status, data, errors } = await hub.ask(supervisor, block(doc, 'query'));
    expect({ status, data }).toEqual({ status: 200, data: JSON.parse(block(doc, 'answer')) });
    expect(errors).toEqual([
      {
        message:
          'FireInspection.contactPhone: not granted to your agency and role for this purpose, or not on this record; ask fire (neither another purpose nor an application opens what is under secrecy outside its handling unit)',
        path: ['fireInspection', 'contactPhone'],
        extensions: {
          code: 'FIELD_DENIED',
          coordinate: 'FireInspection.contactPhone',
          pathPattern: 'fireInspection.contactPhone',
          agency: 'fire',
          policyVersion: hub.hub.sources.policy.version,
          lacks: 'GRANT',
          apply: 'applyForAccess',
        },
      },
    ]);
    expect(hub.takeStatements().filter((s) => s.agency === 'fire' && s.sql.includes('LXDH'))).toEqual([]);
  });

  test('shows nothing of another area', async () => {
    const elsewhere = block(doc, 'query').replace('XF-2026-0001', 'XF-2026-0002');
    const { data, errors } = await hub.ask(supervisor, elsewhere);
    expect(data).toEqual({ fireInspection: null });
    expect(errors.map((e) => e.extensions['code'])).toEqual(['NOT_FOUND']);
  });
});

describe('its relation to the ticket', () => {
  let copy: Copy;

  beforeAll(() => {
    copy = copyWithFolder();
    append(copy, 'connectors/fire/schema.graphql');
    append(copy, 'connectors/fire/sharing.yaml');
    const relations = block(doc, 'in connectors/fire/connector.ts for relations');
    const connector = block(doc, 'connectors/fire/connector.ts').replace('  relations: [],\n', relations);
    copy.write('connectors/fire/connector.ts', connector);
    copy.generate();
  });

  test('needs the approval of the field’s owner', async () => {
    await expect(start(copy)).rejects.toThrow(
      'connectors/hotline/sharing.yaml: Ticket.fireInspections joins by Ticket.uscc, which its owner has not approved; add to joins: { reads: Ticket.uscc, for: Ticket.fireInspections, law: … } or drop the relation',
    );
  });

  test('compiles and joins once it has it', async () => {
    append(copy, 'connectors/hotline/sharing.yaml');
    expect(copy.typeErrors('connectors/fire')).toEqual([]);
    const hub = await start(copy);
    const fields = '{ inspectionNo result responsiblePerson contactPhone }';
    const found = {
      inspectionNo: 'XF-2026-0001',
      result: 'FAILED',
      responsiblePerson: '陈建国',
      contactPhone: '138****0119',
    };
    const ticket = await hub.ask(handler, `{ ticket(ticketNo: "${showcase.ticketNo}") { fireInspections ${fields} } }`);
    expect(ticket.data).toEqual({ ticket: { fireInspections: [found] } });
    const bound = { ...handler, ticket: showcase.ticketNo };
    const direct = await hub.ask(bound, `{ fireInspection(inspectionNo: "XF-2026-0001") ${fields} }`);
    expect(direct.data).toEqual({ fireInspection: found });
    const other = await hub.ask(bound, `{ fireInspection(inspectionNo: "XF-2026-0002") ${fields} }`);
    expect(other.data).toEqual({ fireInspection: null });
  });
});

describe.each(languages)('docs/connectors%s.md', (language) => {
  const text = page(`connectors${language}`);

  test('has the example', () => {
    expect(blocks(text)).toEqual(blocks(doc));
    expect(text).toContain(showcase.uscc);
  });

  test('lists the codings, and which of them can write', () => {
    const rows = table(text, 'codings').map(([name, , , writes]) => [code(name), writes === 'yes' || writes === '能']);
    expect(rows.toSorted()).toEqual(
      Object.entries(codings)
        .filter(([name]) => name !== 'separatedList' && name !== 'columnList')
        .map(([name, coding]) => [name, canWrite(coding)])
        .toSorted(),
    );
  });

  test('lists the mapping’s functions', () => {
    const names = table(text, 'mapping').map(([call]) => code(call).replace(/\(.*/, ''));
    const known = { ...codings, ...mapping } as Readonly<Record<string, unknown>>;
    expect(names).toEqual(['column', 'jsonList', 'separatedList', 'columnList']);
    expect(names.filter((name) => typeof known[name] !== 'function')).toEqual([]);
  });

  test('lists the shapes and kinds of the seam', () => {
    const seam = readFileSync(join(projectRoot, 'src/connector/connector.ts'), 'utf8');
    const kinds = (union: string): string[] => {
      const body = seam.slice(seam.indexOf(`export type ${union} =`)).split(/\n\n/)[0] ?? '';
      return [...body.matchAll(/kind: '(\w+)'/g)].map(([, kind = '']) => kind);
    };
    expect(table(text, 'shapes').map(([shape]) => code(shape))).toEqual(kinds('RelationShape'));
    expect(table(text, 'roots').map(([kind]) => code(kind))).toEqual(kinds('RootDeclaration'));
  });
});

function copyWithFolder(): Copy {
  const copy = makeCopy();
  copies.push(copy);
  for (const file of folder) copy.write(file, block(doc, file));
  return copy;
}

/** The hub of the copy, on the city, the table and the line of configuration of the page. */
async function start(copy: Copy): Promise<RunningHub> {
  const config = `${copy.root}.yaml`;
  configs.push(config);
  writeFileSync(config, block(doc, 'lianqiao.yaml'));
  const hub = await copy.start({ LIANQIAO_CONFIG: config });
  const fire = new Database(join(hub.dataDir, 'fire.db'));
  fire.exec(block(doc, 'fire.db'));
  fire.close();
  return hub;
}

/** Adds the page's lines at the end; those for a list of a YAML file are set in below its name. */
function append({ root }: Copy, file: string): void {
  const lines = block(doc, `add to ${file}`);
  appendFileSync(join(root, file), file.endsWith('.yaml') ? lines.replaceAll(/^(?=.)/gm, '  ') : `\n${lines}`);
}

function canWrite(coding: unknown): boolean {
  return (sample(coding) as Coding).write !== undefined;
}

/** A coding of those that are made by a function. */
function sample(coding: unknown): unknown {
  switch (coding) {
    case codings.flag:
      return codings.flag(1, 0);
    case codings.codeTable:
      return codings.codeTable({ '1': 'A' });
    case codings.money:
      return codings.money('元');
    default:
      return coding;
  }
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { applicationDiagram } from '../../src/requests/application-states.ts';
import { correctionDiagram } from '../../src/requests/correction-states.ts';
import { applicationReaders, reporters, spokesmen } from '../../src/requests/who-may.ts';
import { block, blocks, codes, languages, page, table } from '../docs/markdown.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { of } from './request-kit.ts';

const doc = page('requests');

describe.each(languages)('docs/requests%s.md', (language) => {
  const text = page(`requests${language}`);

  test('has the examples and the figures', () => {
    expect(blocks(text)).toEqual(blocks(doc));
  });

  test('draws the states as they are', () => {
    expect(block(text, 'application states')).toBe(applicationDiagram());
    expect(block(text, 'correction states')).toBe(correctionDiagram());
  });

  test('names the roles', () => {
    expect(table(text, 'who').map(([, roles = '']) => codes(roles))).toEqual([
      [...spokesmen],
      [...spokesmen],
      [...applicationReaders],
      [...reporters],
      [...spokesmen],
      [...reporters],
    ]);
  });
});

describe('the examples, in their order', () => {
  let hub: RunningHub;
  beforeAll(async () => {
    hub = await startHub({}, () => Date.parse('2026-11-16T09:00:00+08:00'));
    const reader: Asker = { ...of('housing', 'HANDLER'), purpose: 'HANDLING' };
    await hub.ask(reader, `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo address } }`);
  });
  afterAll(() => hub.close());

  async function run(name: string, asker: Asker): Promise<void> {
    const variables = JSON.parse(block(doc, `${name}: variables`)) as Record<string, unknown>;
    const { data, errors } = await hub.ask(asker, block(doc, name), variables);
    expect(errors).toEqual([]);
    expect(data).toEqual(JSON.parse(block(doc, `${name}: answer`)));
  }

  test('apply', () => run('apply', of('market')));

  test('policy change', async () => {
    const { data } = await hub.ask(of('housing'), block(doc, 'policy change'), { applicationNo: 'SQ-2026-000001' });
    const { accessPolicyChange: change } = data as { accessPolicyChange: Record<string, unknown> };
    expect(change).toMatchObject({
      file: 'connectors/housing/sharing.yaml',
      grant: block(doc, 'policy change: grant'),
      above: 'to-handling-departments',
      problems: [],
      warnings: [],
    });
    expect(change['markdown']).toContain(block(doc, 'policy change: differences'));
  });

  test('decide', () => run('decide', of('housing')));
  test('report', () => run('report', of('housing', 'HANDLER')));
  test('answer', () => run('answer', of('hotline')));
});

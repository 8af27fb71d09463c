import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partyTerms } from '../../src/handoffs/who-may.ts';
import { actionRows, moveRows, ruleRows, stageRows, ticketDiagram } from '../../src/handoffs/print-machine.ts';
import { block, blocks, code, codes, languages, page, table } from '../docs/markdown.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { handlerOf } from './handoff-kit.ts';

const doc = page('tickets');

describe.each(languages)('docs/tickets%s.md, printed by `npm run docs`', (language) => {
  const text = page(`tickets${language}`);

  test('has the examples and the figure', () => {
    expect(blocks(text)).toEqual(blocks(doc));
    expect(block(text, 'ticket stages')).toBe(ticketDiagram());
  });

  test('lists stages, moves, actions and rules as they are declared', () => {
    expect(table(text, 'stages')).toEqual(stageRows());
    expect(table(text, 'moves')).toEqual(moveRows());
    expect(table(text, 'actions')).toEqual(actionRows());
    expect(table(text, 'rules')).toEqual(ruleRows());
  });

  test('says who is who', () => {
    const rows = table(text, 'parties').map(([party, roles = '', purpose]) => [
      code(party),
      codes(roles),
      code(purpose),
    ]);
    expect(rows).toEqual(Object.entries(partyTerms).map(([party, { roles, purpose }]) => [party, [...roles], purpose]));
  });
});

describe('the examples, in their order', () => {
  let hub: RunningHub;
  beforeAll(async () => {
    hub = await startHub({}, () => Date.parse('2026-11-09T09:00:00+08:00'));
  });
  afterAll(() => hub.close());
  const housing = handlerOf('housing', 'housing-property');

  test.each([
    ['task', { ticketNo: '12345:2026110500000001' }],
    ['act', JSON.parse(block(doc, 'act: variables')) as Record<string, unknown>],
  ])('%s', async (name, variables) => {
    const { data, errors } = await hub.ask(housing, block(doc, name), variables);
    expect(errors).toEqual([]);
    expect(data).toEqual(JSON.parse(block(doc, `${name}: answer`)));
  });
});

import { buildSchema, isEnumType } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evidenceFiles } from '../../src/audit/bundle/gather-evidence.ts';
import { manifestName } from '../../src/audit/bundle/manifest.ts';
import { partyTerms } from '../../src/handoffs/who-may.ts';
import { actionRows, moveRows, ruleRows, stageRows, ticketDiagram } from '../../src/handoffs/print-machine.ts';
import { block, blocks, code, codes, languages, page, table } from '../docs/markdown.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { handlerOf } from './handoff-kit.ts';
import { pusher } from './push-kit.ts';

const doc = page('tickets');

const ticketSchema = buildSchema(
  ['directives', 'scalars', 'common', 'ticket', 'handoff']
    .map((name) => readFileSync(join(projectRoot, 'schema', `${name}.graphql`), 'utf8'))
    .join('\n'),
  { assumeValidSDL: true },
);

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

  test('tells each kind of related ticket', () => {
    const type = ticketSchema.getType('RelatedKind');
    const kinds = isEnumType(type) ? type.getValues().map((v) => v.name) : [];
    expect(table(text, 'related').map(([kind]) => code(kind))).toEqual(kinds);
  });

  test('lists the files of an evidence bundle', () => {
    const listed = table(text, 'evidence').map(([name]) => code(name));
    expect(listed).toEqual([...evidenceFiles, manifestName]);
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

test.each(languages)('docs/tickets%s.md tells each problem of a push', (language) => {
  const sdl = buildSchema(
    readFileSync(join(projectRoot, 'schema/ticket-push.graphql'), 'utf8').concat(
      'scalar DateTime type PageInfo { endCursor: String }',
    ),
  );
  const declared = sdl.getType('PushProblemCode');
  const names = isEnumType(declared) ? declared.getValues().map((v) => v.name) : [];
  expect(table(page(`tickets${language}`), 'push problems').map(([name]) => code(name))).toEqual(names);
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

  test('next', async () => {
    const { data, errors } = await hub.ask(housing, block(doc, 'next'));
    expect(errors).toEqual([]);
    const { nodes } = (data as { tickets: { nodes: { dueAt: string }[] } }).tickets;
    const due = nodes.map((n) => n.dueAt);
    expect(due.length).toBeGreaterThan(0);
    expect(due).toEqual(due.toSorted());
  });

  test('push', async () => {
    const variables = JSON.parse(block(doc, 'push: variables')) as Record<string, unknown>;
    const { data, errors } = await hub.ask(pusher, block(doc, 'push'), variables);
    expect(errors).toEqual([]);
    expect(data).toEqual(JSON.parse(block(doc, 'push: answer')));
  });
});

import { buildSchema, isEnumType } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codes, type CodeList } from '../../src/console/app/console/codes.ts';
import { sections } from '../../src/console/app/console/sections.ts';
import type { ShapeNode } from '../../src/console/app/console/shape.ts';
import { projectRoot } from '../../src/schema/project-root.ts';

const read = (file: string): string => readFileSync(join(projectRoot, 'schema', file), 'utf8');
const schema = buildSchema(
  ['directives', 'scalars', 'common', 'ticket', 'handoff'].map((name) => read(`${name}.graphql`)).join('\n'),
  { assumeValidSDL: true },
);

test.each([
  ['ticketType', 'TicketType'],
  ['ticketStatus', 'TicketStatus'],
  ['urgency', 'Urgency'],
  ['satisfaction', 'Satisfaction'],
  ['relatedKind', 'RelatedKind'],
  ['relatedGround', 'RelatedGround'],
  ['handoffKind', 'HandoffKind'],
  ['findingKind', 'TraceFindingKind'],
] as const satisfies readonly (readonly [CodeList, string])[])('%s has a word for every value of %s', (list, name) => {
  const type = schema.getType(name);
  const values = isEnumType(type) ? type.getValues().map((v) => v.name) : [];
  expect(values.length).toBeGreaterThan(0);
  expect(Object.keys(codes[list]).toSorted()).toEqual(values.toSorted());
});

test('the trace shows every field of a stay, a circle, a ping-pong pair and a finding', () => {
  const shown = (field: string): string[] => {
    const find = (nodes: readonly ShapeNode[]): readonly ShapeNode[] =>
      nodes.flatMap((node) => (node.kind === 'value' ? [] : node.field === field ? node.nodes : find(node.nodes)));
    return find(sections.flatMap((s) => s.nodes)).map((node) => node.field);
  };
  const declared = (type: string): string[] => {
    const named = schema.getType(type);
    return named !== undefined && 'getFields' in named ? Object.keys(named.getFields()) : [];
  };
  for (const [field, type] of [
    ['hops', 'TraceHop'],
    ['circles', 'TraceCircle'],
    ['pingPongs', 'TracePingPong'],
    ['findings', 'TraceFinding'],
  ] as const) {
    // The handoff of a stay has its own row above, and `access` is in every cell.
    const fields = declared(type).filter((name) => name !== 'access' && !(type === 'TraceHop' && name === 'runId'));
    expect(fields.length).toBeGreaterThan(0);
    expect(shown(field).toSorted()).toEqual(fields.toSorted());
  }
});

import type { SectionShape, ShapeNode } from './shape.ts';

/** The sections that this hub can answer: one without a connector's fields lacks that connector's section. */
export function answerable(
  sections: readonly SectionShape[],
  ticketFields: ReadonlySet<string>,
): readonly SectionShape[] {
  return sections
    .map((section) => ({ ...section, nodes: section.nodes.filter((node) => ticketFields.has(node.field)) }))
    .filter((section) => section.nodes.length > 0);
}

/** The query for these sections. Every record is asked for `access`, which says what became of each field. */
export function ticketQuery(sections: readonly SectionShape[]): string {
  const nodes = sections.flatMap((section) => section.nodes);
  return `query ConsoleTicket($ticketNo: ID!) { ticket(ticketNo: $ticketNo) ${selection(nodes)} }`;
}

function selection(nodes: readonly ShapeNode[]): string {
  const fields = nodes.map((node) => (node.kind === 'value' ? node.field : `${node.field} ${selection(node.nodes)}`));
  return `{ ${fields.join(' ')} access { field status rule } }`;
}

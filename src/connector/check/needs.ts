import type { Connector } from '../connector.ts';

/** What the hub will ask of a record type, as the connector's own declarations say. */
export interface Needs {
  /** Fields that records are found by: their own key first, then the ends of relations. */
  readonly keys: readonly string[];
  /** Whether lists of them are paged through. */
  readonly pages: boolean;
  /** Whether all of them, or those of a filter, are counted. */
  readonly counts: boolean;
  /** Orders in which they are paged through, besides their own. */
  readonly orders: readonly string[];
}

export function needsOf(connector: Connector, type: string, key: string): Needs {
  const { relations, roots, cases, statistics = [] } = connector;
  const ends = relations.filter((r) => r.to === type).flatMap((r) => r.by.map((match) => match.child));
  const pages = roots.filter((root) => root.kind === 'page' && root.type === type);
  const paged =
    pages.length > 0 ||
    cases.some((c) => c.type === type) ||
    relations.some((r) => r.to === type && r.shape.kind === 'connection');
  return {
    keys: [...new Set([key, ...ends])],
    pages: paged,
    counts: paged || statistics.some((s) => s.type === type),
    orders: [...new Set(pages.flatMap((root) => (root.kind === 'page' ? Object.values(root.orders) : [])))],
  };
}

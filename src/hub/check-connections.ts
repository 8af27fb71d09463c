import type { Policy } from '../access/policy.ts';
import type { Problem } from '../access/problem.ts';
import type { Registry } from '../connector/registry.ts';
import { looksAtTheWay, pagedTypes, ticketRowsMessage } from '../policy/ticket-rows.ts';
import { policyFileOf } from './modules.ts';

/**
 * Row rules that speak of the ticket, or of the match, on records that come in pages. The source cuts and counts a page by
 * what it can test itself, so that such a count would tell of records that the rule hides.
 */
export function ticketRowsOnConnections(registry: Registry, policy: Policy): Problem[] {
  return [...pagedTypes(registry)]
    .filter((type) => policy.allRows(type).some((row) => looksAtTheWay(row.when, type)))
    .map((type) => ({
      file: policyFileOf(registry.entity(type)?.agency ?? 'hub'),
      message: `a row rule on ${type} speaks of the ticket or the match: ${ticketRowsMessage(type)}`,
    }));
}

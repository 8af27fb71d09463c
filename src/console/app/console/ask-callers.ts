import type { Caller } from '../shared/caller.ts';
import { isRecord } from '../shared/is-record.ts';
import { postGraphql, type Posted } from '../shared/post-graphql.ts';
import type { SectionShape } from './shape.ts';
import { answerable, ticketQuery } from './ticket-query.ts';

/** What one caller was told. */
export type Told =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'ticket'; readonly ticket: Readonly<Record<string, unknown>> }
  | { readonly kind: 'problem'; readonly code: string };

/**
 * Asks for the ticket as each caller, all at once, and tells each answer as it comes, by the caller's place. Returns
 * the sections that this hub can answer.
 */
export async function askCallers(
  callers: readonly Caller[],
  ticketNo: string,
  sections: readonly SectionShape[],
  signal: AbortSignal,
  tell: (place: number, told: Told) => void,
): Promise<readonly SectionShape[]> {
  const known = await answerableHere(callers, sections, signal);
  const query = ticketQuery(known);
  await Promise.all(
    callers.map(async (caller, place) => {
      const posted = await postGraphql(caller, { query, variables: { ticketNo } }, signal);
      tell(place, toldOf(posted));
    }),
  );
  return known;
}

/**
 * A hub may run with fewer connectors, and a query for a field that it lacks is refused whole. The catalogue is open to
 * every caller and needs no purpose; where it does not answer, the ticket's own answer says why.
 */
async function answerableHere(
  callers: readonly Caller[],
  sections: readonly SectionShape[],
  signal: AbortSignal,
): Promise<readonly SectionShape[]> {
  const question = { query: 'query TicketFields { catalogue(type: "Ticket") { field } }' };
  for (const { token } of callers) {
    const posted = await postGraphql({ token, purpose: '' }, question, signal);
    const fields = posted.kind === 'answer' ? fieldsOf(posted.data) : [];
    if (fields.length > 0) return answerable(sections, new Set(fields));
    if (posted.kind === 'failed') break;
  }
  return sections;
}

function fieldsOf(data: unknown): string[] {
  const items: unknown = isRecord(data) ? data['catalogue'] : null;
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: unknown) => (isRecord(item) && typeof item['field'] === 'string' ? [item['field']] : []));
}

function toldOf(posted: Posted): Told {
  if (posted.kind === 'failed') return { kind: 'problem', code: posted.code };
  const ticket = isRecord(posted.data) ? posted.data['ticket'] : null;
  if (isRecord(ticket)) return { kind: 'ticket', ticket };
  return { kind: 'problem', code: posted.codes[0] ?? 'NOT_FOUND' };
}

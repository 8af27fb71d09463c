import { Commitments } from '../commitments.ts';
import { openingsText, type PendingEntry } from '../writer/pending-entry.ts';
import { text, type Asking, type Who } from './who.ts';

/** What is asked, before any source is. */
export interface Intent extends Asking {
  readonly operation: 'query' | 'mutation';
  /** Root fields of the schema, each once, in their order. A mutation's name its actions. */
  readonly roots: readonly string[];
  /** `Lianqiao-Ticket`: whether it is a report (举报) is not known yet. */
  readonly ticketNo: string | null;
}

/** The entry that stands before a source is asked: one without an outcome tells of a crash. */
export function intentEntry(intent: Intent, who: Who): PendingEntry {
  const { operation, roots, ticketNo, documentHash, policyVersion } = intent;
  const commitments = new Commitments();
  const ticket = ticketNo === null ? 'null' : `"${commitments.to(ticketNo)}"`;
  return {
    kind: 'INTENT',
    body: `{${who.by},"documentHash":${text(documentHash)},"operation":"${operation}","policyVersion":${text(policyVersion)},${who.purpose},${who.reason},"roots":${text(roots)},"ticketNo":${ticket}}`,
    openings: openingsText([...who.openings, ...commitments.openings]),
    policyVersion,
    intent: null,
    index: null,
  };
}

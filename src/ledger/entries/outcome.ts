import { formatDateTime } from '../../codes/date-time.ts';
import { Commitments } from '../commitments.ts';
import type { Disclosure } from '../disclosure.ts';
import { indexText, openingsText, type IndexRow, type PendingEntry } from '../writer/pending-entry.ts';
import { sectionsOf } from './sections.ts';
import { text, type Who } from './who.ts';

/**
 * The entry of an answer, written before that leaves. What each agency's records gave, and which of its fields were
 * denied or missing, is a section that the entry commits to: an agency can be shown its own and no other.
 */
export function outcomeEntry(
  disclosure: Disclosure,
  who: Who,
  intent: number,
  ownerOf: (coordinate: string) => string,
): PendingEntry {
  const { boundTicketNo, disclosureNo, documentHash, durationMs, policyVersion, sealed } = disclosure;
  const commitments = new Commitments();
  const ticket = boundTicketNo === null ? 'null' : `"${commitments.to(boundTicketNo)}"`;
  const owners = [...sectionsOf(disclosure, ownerOf)].map(
    ([owner, section]) => `${text(owner)}:"${commitments.to(section)}"`,
  );
  const { index, recordCount } = indexOf(disclosure);
  const counts = `"counts":{"denied":${disclosure.denied.length},"disclosed":${disclosure.disclosed.length},"masked":${disclosure.masked.length},"records":${recordCount},"unavailable":${disclosure.unavailable.length}}`;
  return {
    kind: 'OUTCOME',
    body: `{${who.by},${counts},"disclosureNo":"${disclosureNo}","documentHash":${text(documentHash)},"durationMs":${Math.round(durationMs)},"intent":${intent},"owners":{${owners.join(',')}},"policyVersion":${text(policyVersion)},${who.purpose},${who.reason},"sealed":${sealed},"status":"ANSWERED","ticketNo":${ticket}}`,
    openings: openingsText([...who.openings, ...commitments.openings]),
    policyVersion,
    intent,
    index: indexText(index),
  };
}

/** The entry of a request that was refused after its intent: nothing was disclosed. `code` is the error's. */
export function refusedEntry(intent: number, code: string): PendingEntry {
  return {
    kind: 'OUTCOME',
    body: `{"code":${text(code)},"intent":${intent},"status":"REFUSED"}`,
    openings: null,
    policyVersion: null,
    intent,
    index: null,
  };
}

function indexOf(entry: Disclosure): { readonly index: IndexRow; readonly recordCount: number } {
  const tickets = ticketsOf(entry);
  const recordCount = new Set(entry.records.flatMap((r) => r.ids.map((id) => `${r.type} ${id}`))).size;
  return {
    recordCount,
    index: [
      entry.disclosureNo,
      formatDateTime(entry.at),
      entry.issuer,
      entry.subject,
      entry.tokenId,
      entry.agency,
      entry.role,
      entry.unit,
      text(entry.areas),
      text(entry.grids),
      entry.operator,
      entry.purpose,
      entry.reason,
      entry.boundTicketNo,
      entry.sealed ? 1 : 0,
      entry.documentHash,
      entry.policyVersion,
      text(tickets),
      text(entry.owners),
      text(entry.disclosed),
      text(entry.masked),
      text(entry.denied),
      text(entry.unavailable),
      JSON.stringify(entry.given),
      JSON.stringify(entry.records),
      recordCount,
      entry.durationMs,
    ],
  };
}

/** The tickets that were read, and the one that the read was bound to. */
function ticketsOf(entry: Disclosure): string[] {
  const read = entry.records.filter((r) => r.type === 'Ticket').flatMap((r) => r.ids);
  return [...new Set([...read, ...(entry.boundTicketNo === null ? [] : [entry.boundTicketNo])])];
}

import type { Principal, Role } from '../identity/principal.ts';
import type { BookQuery, StoredRequest } from './request-book.ts';
import type { Party } from './state-machine.ts';

/** Who speaks for an agency in requests. */
export const spokesmen = ['SYSTEM', 'SUPERVISOR', 'STEWARD'] as const satisfies readonly Role[];

/** Those who may report an error: a handler sees the records that it works on. */
export const reporters = [...spokesmen, 'HANDLER'] as const satisfies readonly Role[];

/** Those who may read applications. */
export const applicationReaders = [...spokesmen, 'AUDITOR'] as const satisfies readonly Role[];

type AnyRequest = StoredRequest<string, unknown>;

/** The caller's side of the request; null for one who is on neither. */
export function partyOf({ agency }: Principal, request: AnyRequest): Party | null {
  return agency === request.applicant ? 'APPLICANT' : agency === request.owner ? 'OWNER' : null;
}

/** Whether the caller may know of the application: the two parties, and auditors. */
export function seesApplication(principal: Principal, request: AnyRequest): boolean {
  return principal.role === 'AUDITOR' || partyOf(principal, request) !== null;
}

/** Whether the caller may know of the correction request: the two parties, and a handler of those that it reported itself. */
export function seesCorrection(principal: Principal, request: AnyRequest): boolean {
  return principal.role === 'HANDLER'
    ? partyOf(principal, request) === 'APPLICANT' && isBy(principal, request)
    : partyOf(principal, request) !== null;
}

/** The part of a book that the caller may know of, for a list. */
export function shelfOf(principal: Principal): Pick<BookQuery<string>, 'party' | 'by'> {
  const { role, agency, issuer, subject } = principal;
  return {
    party: role === 'AUDITOR' ? null : agency,
    by: role === 'HANDLER' ? { issuer, subject } : null,
  };
}

function isBy({ issuer, subject }: Principal, { by }: AnyRequest): boolean {
  return by.issuer === issuer && by.subject === subject;
}

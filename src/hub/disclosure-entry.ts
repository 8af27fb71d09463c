import { randomUUID } from 'node:crypto';
import type { Disclosure } from '../audit/disclosure-log.ts';
import type { AccessNote, AccessReport } from '../gate/report.ts';
import type { Caller } from '../gate/run.ts';
import type { Prepared } from './documents.ts';
import type { HubRequest } from './hub-request.ts';

/** What the ledger keeps of one answer: who, why, which records and fields; no value. Times are epoch milliseconds. */
export function disclosureOf(
  request: HubRequest,
  caller: Caller,
  prepared: Prepared,
  policyVersion: string,
  report: AccessReport,
  startedAt: number,
  endedAt: number,
): Disclosure {
  const { principal } = request;
  const coordinates = (status: AccessNote['status']): string[] => [
    ...new Set(report.notes.filter((n) => n.status === status).map((n) => n.coordinate)),
  ];
  return {
    disclosureNo: randomUUID(),
    at: startedAt,
    issuer: principal.issuer,
    subject: principal.subject,
    tokenId: principal.tokenId,
    agency: principal.agency,
    role: principal.role,
    unit: principal.unit,
    operator: principal.operator,
    purpose: caller.purpose,
    reason: request.reason,
    boundTicketNo: caller.ticketNo,
    documentHash: prepared.hash,
    policyVersion,
    disclosed: report.disclosed,
    masked: coordinates('MASKED'),
    denied: coordinates('DENIED'),
    unavailable: coordinates('UNAVAILABLE'),
    records: [...report.records].map(([type, { owner, ids }]) => ({ type, owner, ids: [...ids] })),
    durationMs: endedAt - startedAt,
  };
}

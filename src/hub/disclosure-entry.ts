import { v7 as timeOrderedUuid } from 'uuid';
import type { AccessPlan } from '../access/plan.ts';
import type { Disclosure } from '../ledger/disclosure.ts';
import { givenFields } from '../gate/given-fields.ts';
import type { AccessNote, AccessReport, Told } from '../gate/report.ts';
import type { Caller } from '../gate/run.ts';
import { disclosedRecords } from './disclosed-records.ts';
import type { Prepared } from './documents.ts';
import type { HubRequest } from './hub-request.ts';

/**
 * What the ledger keeps of one answer: who, why, which records and fields; no value. Times are epoch milliseconds. What
 * was read of reports stands in an entry of its own, sealed: it tells who handles them. There, too, stand the fields that
 * were given or kept on reports alone, and on what only they led to.
 */
export function disclosureOf(
  request: HubRequest,
  caller: Caller,
  prepared: Prepared,
  plan: AccessPlan,
  report: AccessReport,
  startedAt: number,
  endedAt: number,
): Disclosure[] {
  const { principal } = request;
  const records = report.records.flatMap(disclosedRecords);
  const entry = (sealed: boolean, of: Disclosure['records'], boundTicketNo: string | null): Disclosure => {
    const told = sealed ? underReports : openly;
    const notes = report.notesOf(told);
    const coordinates = (status: AccessNote['status']): string[] =>
      notes.length === 0 ? [] : [...new Set(notes.filter((n) => n.status === status).map((n) => n.coordinate))];
    const { fields, coordinates: disclosed } = givenFields(plan, report.given(told));
    const given = of.filter((r) => r.ids.length > 0);
    const owners = new Set([...given.map((r) => r.owner), ...(sealed ? [] : report.counted)]);
    return {
      // By time, so that each row comes last in its index.
      disclosureNo: timeOrderedUuid(),
      at: startedAt,
      issuer: principal.issuer,
      subject: principal.subject,
      tokenId: principal.tokenId,
      agency: principal.agency,
      role: principal.role,
      unit: principal.unit,
      areas: principal.areas,
      grids: principal.grids,
      operator: principal.operator,
      purpose: caller.purpose,
      reason: request.reason,
      boundTicketNo,
      documentHash: request.documentHash ?? prepared.hash,
      policyVersion: plan.policyVersion,
      sealed,
      disclosed,
      masked: coordinates('MASKED'),
      denied: coordinates('DENIED'),
      unavailable: coordinates('UNAVAILABLE'),
      given: fields,
      owners: [...owners].toSorted(),
      records: given,
      durationMs: endedAt - startedAt,
    };
  };
  const { bound } = report;
  if (report.sealed.size === 0) return [entry(false, records, bound)];
  const isSealed = (type: string, id: string): boolean => type === 'Ticket' && report.sealed.has(id);
  const open = records.map((r) => ({ ...r, ids: r.ids.filter((id) => !isSealed(r.type, id)) }));
  const kept = records.map((r) => ({ ...r, ids: r.ids.filter((id) => isSealed(r.type, id)) }));
  const boundSealed = bound !== null && report.sealed.has(bound);
  // What was read beside a report is told as ever, without its number: a report in the query hides nothing else.
  const beside = open.some((r) => r.ids.length > 0) || report.counted.size > 0;
  const sealed = entry(true, kept, boundSealed ? bound : null);
  return beside ? [entry(false, open, boundSealed ? null : bound), sealed] : [sealed];
}

const openly = ({ open }: Told): boolean => open;
const underReports = ({ under }: Told): boolean => under;

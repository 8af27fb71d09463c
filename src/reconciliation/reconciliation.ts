import type { AgencyReceipts, ComputeContext, GivenRecord, SourceRecord } from '../connector/connector.ts';
import { receiptFields } from '../connector/check-receipts.ts';
import type { TraceStep } from '../tickets/trace-step.ts';
import { lostHandoffs } from './lost-handoffs.ts';
import type { Receipt } from './receipt.ts';

/** Whether an agency's receipts were compared, or why not: what is not known is no finding. */
export type ComparedState = 'COMPARED' | 'NOT_GIVEN' | 'UNAVAILABLE' | 'STALE';

const stepFields = ['runId', 'kind', 'from', 'to', 'at'];

/** What is asked of a ticket and of every agency's receipts: as the caller itself would be given it. */
export function comparedSelection(receipts: readonly AgencyReceipts[]): string {
  const access = 'access { field status }';
  const lists = receipts.map(({ field }) => `${field} { receiptNo ${receiptFields.join(' ')} ${access} }`);
  return `{ ticketNo leadAgency coAgencies handoffs { ${stepFields.join(' ')} ${access} } ${lists.join(' ')} ${access} }`;
}

/** The type `Reconciliation`: what was compared, and where the records disagree. */
export function reconciliationOf(given: GivenRecord, about: ComputeContext): SourceRecord {
  const { circumstances, now } = about;
  const { officeHours, receipts: limits } = circumstances;
  const hotline = stepsState(given);
  const steps = recordsOf(given['handoffs']).flatMap(stepOf).toSorted(byTime);
  const compared = about.receipts.map(({ agency, field, type }) => {
    const own = stateOf(given, field, receiptFields);
    const state: ComparedState =
      hotline !== 'COMPARED' ? hotline : own !== 'COMPARED' ? own : isStale(type, about) ? 'STALE' : 'COMPARED';
    return { agency, state, receipts: recordsOf(given[field]).flatMap(receiptOf) };
  });
  const findings = compared.flatMap(({ agency, state, receipts }) =>
    state !== 'COMPARED'
      ? []
      : lostHandoffs(
          steps,
          { agency, receipts, named: named(given, agency) },
          { officeHours, graceSeconds: limits.graceSeconds(agency), skewMs: limits.skewMs, now },
        ),
  );
  return {
    agencies: compared.map(({ agency, state, receipts }) => ({
      agency,
      state,
      receiptCount: state === 'COMPARED' ? receipts.length : null,
    })),
    findings: findings.toSorted(byTime),
  };
}

/** A step that cannot be read would be missing, and its receipt stand alone. */
function stepsState(given: GivenRecord): ComparedState {
  const state = stateOf(given, 'handoffs', stepFields);
  const unread = recordsOf(given['handoffs']).some((step) =>
    stepFields.some((field) => statusOf(step, field) === 'UNAVAILABLE'),
  );
  return state === 'COMPARED' && unread ? 'UNAVAILABLE' : state;
}

/** Whether the list and every field of its records were given plainly; a field that is empty or unreadable was. */
function stateOf(given: GivenRecord, field: string, fields: readonly string[]): ComparedState {
  const status = statusOf(given, field);
  if (status === 'UNAVAILABLE') return 'UNAVAILABLE';
  if (status !== 'ALLOWED' && status !== 'EMPTY') return 'NOT_GIVEN';
  const withheld = recordsOf(given[field]).some((record) =>
    fields.some((one) => ['DENIED', 'MASKED'].includes(statusOf(record, one) ?? 'DENIED')),
  );
  return withheld ? 'NOT_GIVEN' : 'COMPARED';
}

function statusOf(given: GivenRecord, field: string): string | null {
  const entry = recordsOf(given['access']).find((one) => one['field'] === field);
  return text(entry?.['status']);
}

/** Old handoffs would miss what was sent since, old receipts what was received. */
function isStale(type: string, { stale }: ComputeContext): boolean {
  return stale.has(type) || stale.has('Handoff') || stale.has('Ticket');
}

/** Whether the ticket itself names the agency; null where that was not given. */
function named(given: GivenRecord, agency: string): boolean | null {
  const known = ['leadAgency', 'coAgencies'].every((field) =>
    ['ALLOWED', 'EMPTY'].includes(statusOf(given, field) ?? ''),
  );
  if (!known) return null;
  const { leadAgency, coAgencies } = given;
  return leadAgency === agency || (Array.isArray(coAgencies) && coAgencies.includes(agency));
}

/** A step without number, kind or time says nothing that could be compared. */
function stepOf(record: GivenRecord): TraceStep[] {
  const [runId, kind, at] = [text(record['runId']), text(record['kind']), text(record['at'])];
  if (runId === null || kind === null || at === null) return [];
  const [from, to] = [text(record['from']), text(record['to'])];
  const unread = { by: null, reason: null, dueAt: null, signBy: null, siteVisit: null, evidenceCount: null };
  return [{ runId, kind, at, from, to, ...unread }];
}

function receiptOf(record: GivenRecord): Receipt[] {
  const receiptNo = text(record['receiptNo']);
  if (receiptNo === null) return [];
  return [
    {
      receiptNo,
      caseNo: text(record['caseNo']),
      from: text(record['from']),
      receivedAt: text(record['receivedAt']),
      answeredAt: text(record['answeredAt']),
    },
  ];
}

function recordsOf(value: unknown): readonly GivenRecord[] {
  return Array.isArray(value) ? value.filter((one): one is GivenRecord => typeof one === 'object' && one !== null) : [];
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function byTime(a: { readonly at: string }, b: { readonly at: string }): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}

import { decimal, flag, integer, text, zonedDateTime } from '../../src/connector/codings.ts';
import {
  column,
  jsonList,
  UNREADABLE,
  type Coding,
  type FieldMapping,
  type Mapping,
} from '../../src/connector/mapping.ts';
import { lostKinds } from '../../src/reconciliation/lost-handoffs.ts';
import { pairKinds } from '../../src/store/pair-findings.ts';
import { ticketStatuses } from '../../src/tickets/ticket-status.ts';
import type { Handoff, HandoffFinding, Ticket } from './records.ts';

const yes = flag(1, 0);

/** The store keeps the schema's own enum values, checked when they were written. */
const oneOf = (values: readonly string[]): Coding => ({
  read: (value) => {
    if (typeof value !== 'string' || !values.includes(value)) throw new RangeError('not a known value');
    return value;
  },
  write: (value) => (typeof value === 'string' ? value : null),
  samples: [...values.map((value) => ({ raw: value, value })), { raw: 'NO_SUCH_VALUE', value: UNREADABLE }],
});

const kinds = oneOf([
  'ACCEPT',
  'DISPATCH',
  'SIGN_FOR',
  'RETURN',
  'REASSIGN',
  'CO_SIGN',
  'ESCALATE',
  'FEEDBACK',
  'CLOSE',
  'REWORK',
  'FOLLOW_UP',
  'ARCHIVE',
  'START',
  'PUSH_DOWN',
  'OBJECT',
  'RULE',
  'REQUEST_EXTENSION',
  'DECIDE_EXTENSION',
  'EMERGENCY',
  'URGE',
  'SUPERVISE',
  'APPRAISE',
]);

const findingKinds = [
  'CIRCLE',
  'REPEATED_RETURN',
  'OVERDUE',
  'PING_PONG',
  'LATE_SIGNED',
  'CLOSED_WITHOUT_EVIDENCE',
  'CLOSED_UNRESOLVED',
  'RESOLVED_UNSATISFIED',
  ...pairKinds,
  ...lostKinds,
];

const parties = (name: string, role: string): FieldMapping =>
  jsonList(name, { table: 'ticket_party', key: 'ticket_no', member: 'agency', where: { role } });

export const ticket = {
  ticketNo: column('ticket_no', text),
  sourceSystem: column('source_system', text),
  channel: column('channel', text),
  type: column('type', oneOf(['CONSULTATION', 'HELP_REQUEST', 'COMPLAINT', 'REPORT', 'SUGGESTION', 'COMMENDATION'])),
  title: column('title', text),
  content: column('content', text),
  categoryPath: jsonList('category_path'),
  urgency: column('urgency', oneOf(['NORMAL', 'URGENT', 'CRITICAL'])),
  status: column('status', oneOf(ticketStatuses)),
  divisionCode: column('division_code', text),
  street: column('street', text),
  community: column('community', text),
  address: column('address', text),
  standardAddress: column('standard_address', text),
  gridCode: column('grid_code', text),
  houseCode: column('house_code', text),
  uscc: column('uscc', text),
  policeIncidentNo: column('police_incident_no', text),
  longitude: column('longitude', decimal),
  latitude: column('latitude', decimal),
  crs: column('crs', oneOf(['CGCS2000', 'WGS84', 'GCJ02'])),
  reporterName: column('reporter_name', text),
  reporterPhone: column('reporter_phone', text),
  reporterIdNumber: column('reporter_id_number', text),
  anonymous: column('anonymous', yes),
  confidential: column('confidential', yes),
  firstReceiver: column('first_receiver', text),
  leadAgency: column('lead_agency', text),
  leadUnit: column('lead_unit', text),
  coAgencies: parties('co_agencies', 'CO'),
  confirmedCoAgencies: parties('confirmed_co_agencies', 'CO_CONFIRMED'),
  formerAgencies: parties('former_agencies', 'FORMER'),
  receivedAt: column('received_at', zonedDateTime),
  acceptedAt: column('accepted_at', zonedDateTime),
  dispatchedAt: column('dispatched_at', zonedDateTime),
  signedAt: column('signed_at', zonedDateTime),
  handledAt: column('handled_at', zonedDateTime),
  visitedAt: column('visited_at', zonedDateTime),
  closedAt: column('closed_at', zonedDateTime),
  dueAt: column('due_at', zonedDateTime),
  updatedAt: column('updated_at', zonedDateTime),
  result: column('result', text),
  replyText: column('reply_text', text),
  factual: column('factual', yes),
  outOfRemit: column('out_of_remit', yes),
  resolved: column('resolved', yes),
  unresolvedReason: column('unresolved_reason', text),
  satisfaction: column(
    'satisfaction',
    oneOf(['VERY_SATISFIED', 'SATISFIED', 'NEUTRAL', 'DISSATISFIED', 'VERY_DISSATISFIED']),
  ),
  satisfactionRaw: column('satisfaction_raw', text),
  urgeCount: column('urge_count', integer),
  returned: column('returned', yes),
  jointHandling: column('joint_handling', yes),
  extended: column('extended', yes),
  difficult: column('difficult', yes),
} satisfies Mapping<Ticket>;

export const handoff = {
  runId: column('run_id', text),
  ticketNo: column('ticket_no', text),
  nodeName: column('node_name', text),
  kind: column('kind', kinds),
  from: column('from_agency', text),
  to: column('to_agency', text),
  at: column('at', zonedDateTime),
  by: column('by', text),
  reason: column('reason', text),
  is110: column('is110', yes),
  policeNo: column('police_no', text),
  dueAt: column('due_at', zonedDateTime),
  signBy: column('sign_by', zonedDateTime),
  siteVisit: column('site_visit', yes),
  evidenceCount: column('evidence_count', integer),
} satisfies Mapping<Handoff>;

export const handoffFinding = {
  findingId: column('finding_id', text),
  kind: column('kind', oneOf(findingKinds)),
  ticketNo: column('ticket_no', text),
  agency: column('agency', text),
  divisionCode: column('division_code', text),
  times: column('times', integer),
  at: column('at', zonedDateTime),
  grounds: jsonList('grounds'),
  confidence: column('confidence', decimal),
  settled: column('settled', yes),
  settledAt: column('settled_at', zonedDateTime),
  relatedTicketNo: column('related_ticket_no', text),
  relatedAgency: column('related_agency', text),
  relatedDivisionCode: column('related_division_code', text),
} satisfies Mapping<HandoffFinding>;

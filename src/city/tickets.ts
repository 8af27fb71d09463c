import type { Arrival } from './arrivals.ts';
import { asOf } from './arrivals.ts';
import { categories } from './categories/all.ts';
import type { Category, TicketType } from './categories/category.ts';
import { canonical, compactDate, HOUR, MINUTE, type WallTime } from './clock.ts';
import type { Company } from './companies.ts';
import type { House } from './houses.ts';
import { incidentNumber } from './incident-number.ts';
import { limitCells, type HandoffLimits } from './handoff-limits.ts';
import { dueTime } from './office-hours.ts';
import { landline, mobile, personName, residentId } from './people.ts';
import { standardAddress, type Place } from './places.ts';
import { Random } from './random.ts';
import type { HandoffRow, TicketPartyRow, TicketRow } from './systems/hotline.ts';
import { outcomeOf } from './ticket-outcome.ts';
import { subjectOf } from './ticket-subject.ts';
import { ticketText } from './ticket-text.ts';
import { stateAfter, type TicketState } from './ticket-state.ts';
import { trail, type Step } from './trail.ts';
import type { World } from './world.ts';

/** A ticket as it was made: its record, and what the other agencies' records about it are made from. */
export interface CityTicket {
  readonly no: string;
  readonly received: WallTime;
  readonly type: TicketType;
  readonly category: Category;
  readonly place: Place | null;
  /** Building, unit and room of the standard address; empty for a house number alone. */
  readonly within: string;
  readonly reporter: { readonly name: string | null; readonly phone: string | null };
  readonly house: House | null;
  readonly company: Company | null;
  /** The 110 call that was diverted into this ticket. */
  readonly diversion: Diversion | null;
  readonly content: string;
  readonly state: TicketState;
  readonly steps: readonly Step[];
  readonly coAgencies: readonly string[];
  readonly row: TicketRow;
  readonly parties: readonly TicketPartyRow[];
  readonly handoffs: readonly HandoffRow[];
}

interface Diversion {
  readonly incidentNo: string;
  readonly called: WallTime;
}

/** `2026110500000012` for the 12th ticket of that day. */
function sourceNumber(received: WallTime, serial: number): string {
  return `${compactDate(received)}${String(serial).padStart(8, '0')}`;
}

/** The ticket of this arrival. Nothing else is needed to make it again. */
export function makeTicket(world: World, arrival: Arrival): CityTicket {
  const random = new Random(world.seed, 'ticket', arrival.index);
  const { received } = arrival;
  const sourceNo = sourceNumber(received, arrival.serial);
  const category = random.weighted(categories);
  const { type } = random.weighted(category.types);
  const about = subjectOf(world, category, random);
  const reporter = reporterOf(type, random);
  const diversion =
    category.subject !== 'none' && type !== 'REPORT' && random.chance(0.14) ? diversionOf(arrival, random) : null;
  const co = coAgenciesOf(category, random);
  const steps = trail(
    {
      received,
      lead: category.agency,
      wrong: random.pick(others(category.agency)),
      coAgencies: co,
      policeNo: diversion?.incidentNo ?? null,
    },
    random,
  );
  const state = stateAfter(steps);
  // Co-handlers are named when the lead is: a ticket that went back has none.
  const named = state.lead === category.agency ? co.filter((agency) => !state.former.includes(agency)) : [];
  const confirmed = named.filter(() => random.chance(0.8));
  const text = ticketText(category, type, { ...about, ...reporter }, random);
  const parties: TicketPartyRow[] = [];
  const no = `12345:${sourceNo}`;
  for (const agency of named) parties.push({ ticket_no: no, agency, role: 'CO' });
  for (const agency of confirmed) parties.push({ ticket_no: no, agency, role: 'CO_CONFIRMED' });
  for (const agency of state.former) parties.push({ ticket_no: no, agency, role: 'FORMER' });

  const known = about.place === null || random.chance(0.03) ? null : about.place;
  const located = known !== null && random.chance(0.85);
  const row: TicketRow = {
    ticket_no: no,
    source_system: '12345',
    source_no: sourceNo,
    channel: diversion === null ? random.weighted(channels).name : '110分流',
    type,
    ...text,
    category_path: JSON.stringify(category.path),
    urgency: random.weighted(urgencies).urgency,
    status: state.status,
    division_code: known?.community.code ?? null,
    street: known?.community.street.name ?? null,
    community: known?.community.name ?? null,
    address: known === null ? (random.chance(0.5) ? '' : null) : about.where,
    standard_address: located ? standardAddress(known, about.within) : null,
    grid_code: known?.grid.code ?? null,
    house_code: about.house !== null && random.chance(0.7) ? about.house.code : null,
    uscc: about.company !== null && random.chance(0.8) ? about.company.uscc : null,
    police_incident_no: diversion?.incidentNo ?? null,
    longitude: located ? known.longitude : null,
    latitude: located ? known.latitude : null,
    crs: located ? 'CGCS2000' : null,
    reporter_name: reporter.name,
    reporter_phone: reporter.phone,
    reporter_id_number: reporter.idNumber,
    anonymous: reporter.anonymous ? 1 : 0,
    confidential: random.chance(type === 'REPORT' ? 0.2 : 0.022) ? 1 : 0,
    first_receiver: state.firstReceiver,
    lead_agency: state.lead,
    lead_unit:
      state.lead === category.agency ? unitOf(category, about.place, random) : unitElsewhere(state.lead, about.place),
    co_agencies: JSON.stringify(named),
    confirmed_co_agencies: JSON.stringify(confirmed),
    former_agencies: JSON.stringify(state.former),
    ...timesOf(state, received, type, steps, random),
    ...outcomeOf(category, state, reporter.name, random),
    urge_count: random.chance(0.1) ? random.between(1, 4) : 0,
    returned: state.returned ? 1 : 0,
    joint_handling: named.length > 0 ? 1 : 0,
    extended: random.chance(0.03) ? 1 : 0,
    difficult: random.chance(0.02) ? 1 : 0,
  };
  return {
    no,
    received,
    type,
    category,
    place: located ? known : null,
    within: about.within,
    reporter,
    house: about.house,
    company: about.company,
    diversion,
    content: text.content,
    state,
    steps,
    coAgencies: named,
    row,
    parties,
    handoffs: handoffRows(no, sourceNo, steps, {
      due: dueTime(received, type === 'CONSULTATION'),
      urgent: row.urgency !== 'NORMAL',
      ...evidenceOf(world, arrival, category),
    }),
  };
}

/** The steps as the hotline stores them. */
export function handoffRows(
  ticketNo: string,
  sourceNo: string,
  steps: readonly Step[],
  limits: HandoffLimits,
): readonly HandoffRow[] {
  const cells = limitCells(steps, limits);
  return steps.map((step, i) => ({
    run_id: `H${sourceNo}${String(i + 1).padStart(2, '0')}`,
    ticket_no: ticketNo,
    seq: i + 1,
    node_name: nodeNames[step.kind],
    kind: step.kind,
    from_agency: step.from,
    to_agency: step.to,
    at: canonical(step.at),
    by: step.by,
    reason: step.reason,
    is110: step.policeNo === null ? 0 : 1,
    police_no: step.policeNo,
    ...cells[i]!,
  }));
}

/** A visit on site is now and then answered without evidence. A stream of its own leaves all else as it was. */
function evidenceOf(
  world: World,
  { index }: Arrival,
  { agency }: Category,
): Pick<HandoffLimits, 'siteVisit' | 'evidence'> {
  const random = new Random(world.seed, 'evidence', index);
  const siteVisit = agency !== 'hotline' && random.chance(0.4);
  return { siteVisit, evidence: siteVisit && !random.chance(0.08) ? random.between(1, 4) : 0 };
}

function diversionOf({ index, received }: Arrival, random: Random): Diversion {
  const called = received - random.between(4, 90) * MINUTE;
  return { incidentNo: incidentNumber(called, index, 0), called };
}

interface Reporter {
  readonly name: string | null;
  readonly phone: string | null;
  readonly idNumber: string | null;
  readonly anonymous: boolean;
}

function reporterOf(type: TicketType, random: Random): Reporter {
  if (random.chance(type === 'REPORT' ? 0.2 : 0.03))
    return { name: null, phone: null, idNumber: null, anonymous: true };
  return {
    name: personName(random),
    phone: random.chance(0.92) ? mobile(random) : random.chance(0.9) ? landline(random) : null,
    idNumber: random.chance(0.15) ? residentId(random) : null,
    anonymous: false,
  };
}

function others(lead: string): readonly string[] {
  return ['police', 'grid', 'market', 'housing'].filter((agency) => agency !== lead);
}

function coAgenciesOf(category: Category, random: Random): readonly string[] {
  if (category.agency === 'hotline' || !random.chance(0.17)) return [];
  const rest = others(category.agency);
  const first = random.pick(rest);
  return random.chance(0.3) ? [first, random.pick(rest.filter((agency) => agency !== first))] : [first];
}

function unitOf(category: Category, place: Place | null, random: Random): string {
  return category.unit
    .replace('{area}', place?.community.area.code ?? '350100')
    .replace('{no}', String(random.between(1, 6)).padStart(2, '0'));
}

/** The office of an agency that holds a ticket of another's category. */
function unitElsewhere(agency: string, place: Place | null): string {
  const area = place?.community.area.code ?? '350100';
  const units: Readonly<Record<string, string>> = {
    hotline: 'hotline-dispatch',
    police: `police-${area}`,
    grid: `grid-${area}`,
    market: 'market-street-01',
    housing: 'housing-property',
  };
  return units[agency] ?? `${agency}-desk`;
}

function timesOf(
  state: TicketState,
  received: WallTime,
  type: TicketType,
  steps: readonly Step[],
  random: Random,
): Pick<
  TicketRow,
  | 'received_at'
  | 'accepted_at'
  | 'dispatched_at'
  | 'signed_at'
  | 'handled_at'
  | 'visited_at'
  | 'closed_at'
  | 'due_at'
  | 'updated_at'
> {
  const at = (time: WallTime | null): string | null => (time === null ? null : canonical(time));
  const last = steps.at(-1)?.at ?? received;
  const touched = random.chance(0.1) ? Math.max(last, Math.min(asOf, last + random.between(60, 2 * HOUR))) : last;
  return {
    received_at: canonical(received),
    accepted_at: at(state.accepted),
    dispatched_at: at(state.dispatched),
    signed_at: at(state.signed),
    handled_at: at(state.handled),
    visited_at: at(state.visited),
    closed_at: at(state.closed),
    due_at: canonical(dueTime(received, type === 'CONSULTATION')),
    updated_at: canonical(touched),
  };
}

const nodeNames = {
  ACCEPT: '受理',
  DISPATCH: '派单',
  SIGN_FOR: '签收',
  RETURN: '退单',
  REASSIGN: '改派',
  CO_SIGN: '会签',
  ESCALATE: '特提',
  FEEDBACK: '反馈',
  CLOSE: '办结',
  REWORK: '重办',
  FOLLOW_UP: '回访',
  ARCHIVE: '归档',
} as const;

const channels = [
  { weight: 70, name: '电话' },
  { weight: 15, name: '微信小程序' },
  { weight: 8, name: 'APP' },
  { weight: 5, name: '网站' },
  { weight: 2, name: '来信' },
];

const urgencies = [
  { weight: 90, urgency: 'NORMAL' },
  { weight: 8, urgency: 'URGENT' },
  { weight: 2, urgency: 'CRITICAL' },
];

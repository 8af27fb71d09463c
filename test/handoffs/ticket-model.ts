import type { Deed } from '../../src/handoffs/deed.ts';
import { actions, parties, type Action, type Party } from '../../src/handoffs/machine.ts';
import { stages, type Stage } from '../../src/handoffs/stages.ts';
import type { Actor } from './desk-kit.ts';
import { fieldMove } from './field.ts';

/* A ticket as somebody would keep it on paper: plain assignments, no table of effects and no database. */

export interface Paper {
  readonly type: string;
  version: number;
  stage: Stage;
  first: string | null;
  lead: string;
  unit: string | null;
  co: string[];
  confirmed: string[];
  former: string[];
  settled: boolean;
  extended: boolean;
  level: string | null;
  reply: string | null;
  visit: boolean;
  evidence: number;
  urged: number;
  late: number;
  signBy: number | null;
  due: number | null;
  handled: boolean;
  closed: boolean;
}

export const blank = (type: string): Paper => ({
  type,
  version: 1,
  stage: 'ACCEPTED',
  first: null,
  lead: 'hotline',
  unit: null,
  co: [],
  confirmed: [],
  former: [],
  settled: false,
  extended: false,
  level: null,
  reply: null,
  visit: false,
  evidence: 0,
  urged: 0,
  late: 0,
  signBy: null,
  due: null,
  handled: false,
  closed: false,
});

/** What somebody is to the ticket. */
export function isTo(paper: Paper, { principal: { agency, role, unit }, purpose }: Actor): Party[] {
  if (paper.type === 'REPORT') {
    const inside = agency === paper.lead && (paper.unit === null ? agency === 'hotline' : unit === paper.unit);
    if (!inside) return [];
  }
  const is: Party[] = [];
  if (agency === 'hotline' && purpose === 'DISPATCH' && role !== 'HANDLER') is.push('DISPATCHER');
  if (agency === 'hotline' && purpose === 'SUPERVISION' && role === 'SUPERVISOR') is.push('SUPERVISOR');
  if (agency === 'hotline' && purpose === 'FOLLOW_UP') is.push('VISITOR');
  if (purpose !== 'HANDLING') return is;
  if (agency === paper.lead && role === 'SYSTEM') is.push('LEAD');
  if (agency === paper.lead && role === 'HANDLER' && (paper.unit === null || paper.unit === unit)) is.push('LEAD');
  if (agency === paper.lead && role === 'GRID_WORKER') is.push('WORKER');
  if (paper.co.includes(agency) && role !== 'GRID_WORKER') is.push('CO');
  return is;
}

const onReport: Partial<Record<Action, readonly Party[]>> = {
  DISPATCH: ['DISPATCHER'],
  REASSIGN: ['DISPATCHER'],
  ALARM: ['DISPATCHER', 'LEAD'],
  SIGN_FOR: ['LEAD'],
  START: ['LEAD'],
  SUBMIT_FEEDBACK: ['LEAD'],
  CLOSE: ['LEAD'],
  FOLLOW_UP: ['LEAD'],
  REWORK: ['LEAD'],
  ARCHIVE: ['LEAD'],
};

/** Where the move leads for this party on this ticket; null where it is none. */
function leadsTo(paper: Paper, stage: Stage, action: Action, party: Party): Stage | null {
  if (paper.type !== 'REPORT') return fieldMove(stage, action, party);
  if (onReport[action]?.includes(party) !== true) return null;
  return parties.map((other) => fieldMove(stage, action, other)).find((to) => to !== null) ?? null;
}

/** What the field says to it: the code of the refusal, or the next stage. */
export function verdict(
  paper: Paper,
  by: Actor,
  action: Action,
  says: Partial<Deed>,
  expectedVersion: number,
  now: number,
): { readonly refused: string } | { readonly to: Stage; readonly party: Party } {
  const own = isTo(paper, by).filter((p) => stages.some((s) => leadsTo(paper, s, action, p) !== null));
  if (own.length === 0) return { refused: 'ILLEGAL_TRANSITION' };
  if (expectedVersion !== paper.version) return { refused: 'STALE_VERSION' };
  const party = own.find((p) => leadsTo(paper, paper.stage, action, p) !== null);
  const to = party === undefined ? null : leadsTo(paper, paper.stage, action, party);
  if (party === undefined || to === null || isForbidden(paper, action, says, now))
    return { refused: 'ILLEGAL_TRANSITION' };
  return doesNotFit(paper, action, says) ? { refused: 'BAD_USER_INPUT' } : { to, party };
}

function isForbidden(paper: Paper, action: Action, says: Partial<Deed>, now: number): boolean {
  if (action === 'REQUEST_RETURN')
    return paper.settled || (paper.lead === paper.first && paper.stage !== 'IN_PROGRESS');
  if (action === 'REQUEST_EXTENSION') return paper.extended || paper.due === null || now > paper.due;
  if (action === 'CLOSE')
    return (
      (paper.reply === null && (says.replyText ?? null) === null) ||
      (paper.visit && paper.evidence + (says.evidence?.length ?? 0) === 0)
    );
  return false;
}

function doesNotFit(paper: Paper, action: Action, says: Partial<Deed>): boolean {
  const { agency = null, unit = null, coAgencies = [] } = says;
  if (action === 'DISPATCH' || action === 'REASSIGN')
    return (
      agency === 'hotline' ||
      coAgencies.includes(agency ?? '') ||
      (paper.type === 'REPORT' && (unit === null || coAgencies.length > 0))
    );
  if (action === 'CONSULT') return agency === paper.lead || agency === 'hotline' || paper.co.includes(agency ?? '');
  if (action === 'CONFIRM_CO_AGENCY') return !paper.co.includes(agency ?? '') || paper.confirmed.includes(agency ?? '');
  if (action === 'PUSH_DOWN') {
    const order = ['DISTRICT', 'STREET', 'COMMUNITY'];
    return (
      unit === paper.unit || (paper.level !== null && order.indexOf(says.level ?? '') <= order.indexOf(paper.level))
    );
  }
  if (action === 'REQUEST_EXTENSION') return (says.days ?? 0) > 5;
  return false;
}

const services = { POLICE_110: 'police', FIRE_119: 'fire', MEDICAL_120: 'medical' } as const;

/** Writes the move down. `due` is what the calendar says for a ticket that is given now. */
export function writeDown(
  paper: Paper,
  action: Action,
  says: Partial<Deed>,
  to: Stage,
  party: Party,
  now: number,
  due: number,
  extendedTo: number,
): void {
  const day = 24 * 3_600_000;
  const { agency = null, unit = null, coAgencies = [] } = says;
  paper.version += 1;
  paper.stage = to;
  if (action === 'DISPATCH' || action === 'REASSIGN') {
    paper.lead = agency ?? '';
    paper.unit = unit;
    paper.first ??= agency;
    paper.co = [...coAgencies];
    paper.confirmed = [...coAgencies];
    paper.former = paper.former.filter((one) => one !== agency);
    paper.level = null;
  }
  if (action === 'DISPATCH' || action === 'REASSIGN' || action === 'REWORK') {
    paper.handled = false;
    paper.closed = false;
    paper.extended = false;
    paper.due = due;
    paper.signBy = now + day;
  }
  if (action === 'REWORK') {
    paper.visit = false;
    paper.evidence = 0;
  }
  if (action === 'CONSULT') paper.co.push(agency ?? '');
  if (action === 'CONFIRM_CO_AGENCY') paper.confirmed.push(agency ?? '');
  if (action === 'SIGN_FOR') {
    if (paper.signBy !== null && now > paper.signBy) paper.late += 1;
    paper.signBy = null;
  }
  if (action === 'PUSH_DOWN') {
    paper.unit = unit;
    paper.level = says.level ?? null;
    paper.signBy = now + day;
  }
  if (action === 'GRANT_RETURN' || action === 'UPHOLD_OBJECTION') {
    paper.former = [...paper.former.filter((one) => one !== paper.lead), paper.lead];
    paper.lead = 'hotline';
    paper.unit = null;
    paper.co = [];
    paper.confirmed = [];
    paper.signBy = null;
  }
  if (['REFUSE_RETURN', 'UPHOLD_OBJECTION', 'DISMISS_OBJECTION'].includes(action)) paper.settled = true;
  if (action === 'GRANT_EXTENSION') {
    paper.extended = true;
    paper.due = extendedTo;
  }
  if (action === 'ALARM' && paper.type !== 'REPORT') {
    const service = services[says.service ?? 'POLICE_110'];
    if (service !== paper.lead) {
      paper.co = [...paper.co.filter((one) => one !== service), service];
      if (party === 'DISPATCHER') paper.confirmed = [...paper.confirmed.filter((one) => one !== service), service];
    }
  }
  if (action === 'SUBMIT_FEEDBACK') {
    paper.handled = true;
    paper.reply = says.replyText ?? null;
    paper.visit = says.siteVisit ?? false;
    paper.evidence = says.evidence?.length ?? 0;
  }
  if (action === 'CLOSE') {
    paper.closed = true;
    paper.reply = says.replyText ?? paper.reply;
    paper.evidence += says.evidence?.length ?? 0;
  }
  if (action === 'URGE') paper.urged += 1;
}

/** Every action that the field would let somebody make now, whatever is said with it; `onward`: that moves the ticket. */
export function movesNow(paper: Paper, by: Actor, onward: boolean): Action[] {
  const leads = (action: Action): (Stage | null)[] =>
    isTo(paper, by).map((p) => leadsTo(paper, paper.stage, action, p));
  return actions.filter((action) => leads(action).some((to) => to !== null && !(onward && to === paper.stage)));
}

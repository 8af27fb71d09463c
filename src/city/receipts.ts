import { asOf } from './arrivals.ts';
import { canonical, compact, HOUR, MINUTE, slashed, spaced, type WallTime } from './clock.ts';
import { Random } from './random.ts';
import type { Step } from './trail.ts';

/** What an agency's own system recorded of a ticket, before it is written down there. */
export interface CityReceipt {
  readonly agency: ReceivingAgency;
  readonly no: string;
  readonly ticketNo: string;
  readonly caseNo: string | null;
  readonly from: string | null;
  readonly received: WallTime;
  readonly answered: WallTime | null;
}

export type ReceivingAgency = 'police' | 'grid' | 'market' | 'housing';

/** Where the records of the hotline and of an agency were made to disagree, or only seem to. */
export type ReceiptFlaw = 'LOST' | 'UNSENT' | 'NOT_FED_BACK' | 'TWICE' | 'CLOCK_AHEAD' | 'WRONG_TICKET';

interface TicketSteps {
  readonly no: string;
  readonly coAgencies: readonly string[];
  readonly steps: readonly Step[];
}

/**
 * What the agencies recorded of a ticket: of each sending, some minutes later, a receipt, answered when the agency answered
 * the hotline. Of a hundred tickets a few are lost on the way, recorded without having been sent, or answered in the
 * agency's system alone.
 */
export function ticketReceipts(seed: number, index: number, ticket: TicketSteps): readonly CityReceipt[] {
  const random = new Random(seed, 'receipts', index);
  const receipts = sendings(ticket.steps).flatMap((sent, n): CityReceipt[] => {
    const flaw = flawOf(random);
    const delay = random.between(1, 40) * MINUTE;
    const received = sent.at + (flaw === 'CLOCK_AHEAD' ? -5 * MINUTE : delay);
    if (flaw === 'LOST' || received > asOf) return [];
    const answer = sent.kind === 'CO_SIGN' ? null : answerTo(sent, ticket.steps);
    const made = flaw === 'NOT_FED_BACK' && answer === null ? received + random.between(2, 40) * HOUR : answer;
    const no = numberOf(index, n);
    const one: CityReceipt = {
      agency: sent.agency,
      no,
      // The last digit but one was typed wrong.
      ticketNo: flaw === 'WRONG_TICKET' ? mistyped(ticket.no) : ticket.no,
      caseNo: `${casePrefixes[sent.agency]}${no}`,
      from: sent.from,
      received,
      answered: made !== null && made <= asOf ? made : null,
    };
    const again = { ...one, no: numberOf(index, n + 40), received: received + random.between(1, 90) * MINUTE };
    return flaw === 'TWICE' && again.received <= asOf ? [one, again] : [one];
  });
  const stray = unsent(ticket, index, random);
  return stray === null ? receipts : [...receipts, stray];
}

/** A receipt of an agency that nobody sent the ticket to. */
function unsent({ no: ticketNo, coAgencies, steps }: TicketSteps, index: number, random: Random): CityReceipt | null {
  const first = steps[0];
  if (first === undefined || !random.chance(0.012)) return null;
  const known = new Set([...coAgencies, ...steps.flatMap((s) => [s.from, s.to])]);
  const agency = receiving.find((one) => !known.has(one));
  if (agency === undefined) return null;
  const received = first.at + random.between(1, 30) * HOUR;
  const no = numberOf(index, 90);
  return received > asOf
    ? null
    : { agency, no, ticketNo, caseNo: `${casePrefixes[agency]}${no}`, from: 'hotline', received, answered: null };
}

interface Sending extends Step {
  readonly agency: ReceivingAgency;
}

function sendings(steps: readonly Step[]): readonly Sending[] {
  return steps.flatMap((step): Sending[] => {
    const agency = receiving.find((one) => one === step.to);
    const sends = ['DISPATCH', 'REASSIGN', 'REWORK', 'CO_SIGN'].includes(step.kind);
    return agency === undefined || !sends || step.from === agency ? [] : [{ ...step, agency }];
  });
}

/** When the agency answered or returned what it was sent, as the hotline knows it. */
function answerTo(sent: Sending, steps: readonly Step[]): WallTime | null {
  const answer = steps.find(
    (s) => s.at > sent.at && s.from === sent.agency && ['FEEDBACK', 'RETURN', 'REASSIGN'].includes(s.kind),
  );
  return answer === undefined ? null : answer.at - 2 * MINUTE;
}

function flawOf(random: Random): ReceiptFlaw | null {
  const at = random.next();
  const flaw = flaws.find(([share]) => at < share);
  return flaw === undefined ? null : flaw[1];
}

/** Up to which share of the sendings each flaw is. */
const flaws: readonly (readonly [share: number, flaw: ReceiptFlaw])[] = [
  [0.015, 'LOST'],
  [0.03, 'NOT_FED_BACK'],
  [0.045, 'TWICE'],
  [0.06, 'CLOCK_AHEAD'],
  [0.063, 'WRONG_TICKET'],
];

const receiving: readonly ReceivingAgency[] = ['police', 'grid', 'market', 'housing'];
const casePrefixes: Readonly<Record<ReceivingAgency, string>> = {
  police: 'JA',
  grid: 'WA',
  market: 'SA',
  housing: 'ZA',
};
const givers: Readonly<Record<string, string>> = {
  hotline: '12345',
  police: '110',
  grid: '网格',
  market: '市监',
  housing: '住建',
};

function numberOf(index: number, n: number): string {
  return `${String(index).padStart(8, '0')}${String(n).padStart(2, '0')}`;
}

function mistyped(ticketNo: string): string {
  const digit = Number(ticketNo.at(-2));
  return `${ticketNo.slice(0, -2)}${(digit + 1) % 10}${ticketNo.slice(-1)}`;
}

/** The police's row. */
export function policeReceiptRow(of: CityReceipt) {
  return {
    ...namedRow(of),
    ZWGDBH: of.ticketNo,
    JSSJ: compact(of.received),
    DFSJ: of.answered && compact(of.answered),
  };
}

/** The grid centre's: its app writes times without leading zeros. */
export function gridReceiptRow({ no, ticketNo, caseNo, from, received, answered }: CityReceipt) {
  return {
    jsbh: no,
    gdbh: ticketNo,
    ajbh: caseNo,
    lydw: from === null ? null : (givers[from] ?? null),
    jssj: slashed(received),
    dfsj: answered === null ? null : slashed(answered),
  };
}

/** The market regulators': their platform counts in UTC. */
export function marketReceiptRow(of: CityReceipt) {
  return {
    ...namedRow(of),
    GDBH: of.ticketNo,
    JSSJ: utc(of.received),
    DFSJ: of.answered === null ? null : utc(of.answered),
  };
}

/** The housing department's. */
export function housingReceiptRow(of: CityReceipt) {
  return { ...namedRow(of), GDBH: of.ticketNo, JSSJ: spaced(of.received), DFSJ: of.answered && spaced(of.answered) };
}

function namedRow({ no, caseNo, from }: CityReceipt) {
  return { JSBH: no, AJBH: caseNo, LYDW: from === null ? null : (givers[from] ?? null) };
}

function utc(time: WallTime): string {
  return `${canonical(time - 8 * HOUR).slice(0, 19)}Z`;
}

import { phoneDigest } from '../connector/join-key.ts';
import { asOf } from './arrivals.ts';
import { HOUR, MINUTE, compact, type WallTime } from './clock.ts';
import type { IncidentKind } from './incident-kinds.ts';
import { personName, residentId, typedNumber } from './people.ts';
import { spokenAddress, type Place } from './places.ts';
import type { Random } from './random.ts';
import type { DispatchRow, FeedbackRow, IncidentRow, InvolvedPartyRow } from './systems/police.ts';

/** How an incident stands to its ticket. The last four must not join it, or not show. */
export type IncidentLink =
  | 'DIVERTED'
  | 'SAME_CALLER'
  | 'SAME_ADDRESS'
  | 'UNRELATED'
  | 'CALLER_LONG_BEFORE'
  | 'NEXT_DOOR'
  | 'NUMBER_OFF_BY_ONE'
  | 'CONFIDENTIAL';

export interface PoliceFile {
  readonly link: IncidentLink;
  readonly incident: IncidentRow;
  readonly dispatches: readonly DispatchRow[];
  readonly feedbacks: readonly FeedbackRow[];
  readonly parties: readonly InvolvedPartyRow[];
}

/** What a file is made of. */
export interface IncidentFacts {
  readonly no: string;
  readonly link: IncidentLink;
  readonly called: WallTime;
  readonly name: string | null;
  /** As the caller's line shows it; null for a withheld number. */
  readonly phone: string | null;
  readonly place: Place;
  /** Building, unit and room. */
  readonly within: string;
  readonly standardAddress: string | null;
  readonly kind: IncidentKind;
  readonly narrative: string;
  readonly divertedTo: string | null;
  /** Leaves nothing out by chance: for examples. */
  readonly complete?: true;
}

/** One incident with its dispatches, feedback and parties, as the police system writes them. */
export function policeFile(facts: IncidentFacts, joinSecret: Buffer, random: Random): PoliceFile {
  const { no, link, called, place, kind } = facts;
  const diverted = facts.divertedTo !== null;
  const often = (probability: number): boolean => random.chance(probability) || facts.complete === true;
  const answered = called + random.between(4, 40);
  const dispatched = answered + random.between(1, 5) * MINUTE;
  const fedBack = dispatched + random.between(1, 8) * HOUR;
  // A diverted call ends with the message to the hotline.
  const passedOn = facts.complete === true ? dispatched + 14 * MINUTE : answered + 2 * MINUTE;
  const finished = diverted ? passedOn + MINUTE : fedBack + random.between(10, 240) * MINUTE;
  const state = diverted ? 'DIVERTED' : stateAt({ answered, dispatched, fedBack, finished });
  const station = stationOf(place);
  const incident: IncidentRow = {
    JJDBH: no,
    BJSJ: compact(called),
    JJSJ: compact(answered),
    BJJSSJ: finished <= asOf ? compact(finished) : null,
    BJRXM: facts.name,
    BJDH: facts.phone === null ? null : typedNumber(facts.phone, random),
    BJDH_ZY: facts.phone === null ? null : phoneDigest(joinSecret, facts.phone),
    BJRDZ: often(0.6) ? spokenAddress(place, facts.within) : '',
    AFDZ: spokenAddress(place, facts.within),
    BZDZ: facts.standardAddress,
    BJNR: facts.narrative,
    GXDWDM: station.code,
    GXDWMC: station.name,
    XZQHDM: place.community.area.code,
    JQLBDM: kind.code,
    JQLB1: kind.path[0],
    JQLB2: kind.path[1],
    JQLB3: kind.path[2],
    JQLB4: kind.path[3] ?? null,
    JQDJ: link === 'CONFIDENTIAL' ? '01' : random.weighted(grades).code,
    JQZT: stateCodes[state],
    SFBM: link === 'CONFIDENTIAL' ? '1' : '0',
    FJW: diverted ? '1' : '0',
    ZWGDBH: facts.divertedTo,
    ZDDWXZB: place.longitude.toFixed(6),
    ZDDWYZB: place.latitude.toFixed(6),
    ZBXDM: random.weighted(coordinateSystems).code,
  };
  if (diverted) {
    return {
      link,
      incident,
      dispatches: facts.complete === true ? dispatchesOf(facts, station.name, dispatched, random) : [],
      feedbacks: [feedbackOf(facts, station.name, passedOn, '已分流至12345')],
      parties: [],
    };
  }
  const hasDispatch = dispatched <= asOf && state !== 'RECEIVED';
  const hasFeedback = fedBack <= asOf && hasDispatch && often(0.95);
  return {
    link,
    incident,
    dispatches: hasDispatch ? dispatchesOf(facts, station.name, dispatched, random) : [],
    feedbacks: hasFeedback ? [feedbackOf(facts, station.name, fedBack, random.pick(outcomes))] : [],
    parties: hasFeedback && often(0.35) ? partiesOf(facts, random) : [],
  };
}

type State = keyof typeof stateCodes;

function stateAt(times: { answered: WallTime; dispatched: WallTime; fedBack: WallTime; finished: WallTime }): State {
  if (times.finished <= asOf) return 'FINISHED';
  if (times.fedBack <= asOf) return 'FEEDBACK';
  if (times.dispatched > asOf) return 'RECEIVED';
  return times.dispatched + 20 * MINUTE <= asOf ? 'HANDLING' : 'DISPATCHED';
}

function dispatchesOf(facts: IncidentFacts, station: string, at: WallTime, random: Random): readonly DispatchRow[] {
  const count = random.chance(0.1) ? 2 : 1;
  return Array.from({ length: count }, (_, i) => {
    const sent = at + i * 10 * MINUTE;
    const signed = sent + random.between(20, 120);
    return {
      CJDBH: `${facts.no.replace('JJ', 'CJ')}${i + 1}`,
      JJDBH: facts.no,
      CJDWMC: i === 0 ? station : `${facts.place.community.area.name}巡特警大队`,
      PDSJ: compact(sent),
      QSSJ: compact(signed),
      DDXCSJ: random.chance(0.95) ? compact(signed + random.between(3, 25) * MINUTE) : '',
      CJRY: `${personName(random)}、${personName(random)}`,
    };
  });
}

function feedbackOf(facts: IncidentFacts, station: string, at: WallTime, outcome: string): FeedbackRow {
  const caller = facts.name === null ? '报警人' : `报警人${facts.name}`;
  return {
    FKDBH: `${facts.no.replace('JJ', 'FK')}1`,
    JJDBH: facts.no,
    FKSJ: compact(at),
    FKDWMC: station,
    CLJG: outcome,
    FKNR: `${caller}反映情况已核实，${outcome}。`,
  };
}

function partiesOf(facts: IncidentFacts, random: Random): readonly InvolvedPartyRow[] {
  const count = random.between(1, 2);
  return Array.from({ length: count }, (_, i) => ({
    DSRBH: `${facts.no.replace('JJ', 'DS')}${i + 1}`,
    JJDBH: facts.no,
    XM: personName(random),
    ZJHM: random.chance(0.8) ? residentId(random) : null,
    ZDRYLB: random.chance(0.06) ? random.pick(['社区矫正人员', '涉毒人员', '精神障碍患者']) : null,
    MZDM: random.weighted(ethnicities).code,
    ZZMM: random.pick(['01', '03', '13', '13', '13', null]),
  }));
}

/** The station of a street, with its unit code of twelve digits. */
function stationOf(place: Place): { code: string; name: string } {
  const { area, street } = place.community;
  const stem = street.name.replace(/(街道|镇|乡)$/, '');
  return { code: `${area.code}${street.code.slice(6)}000`, name: `${area.name}公安局${stem}派出所` };
}

const stateCodes = {
  RECEIVED: '10',
  DISPATCHED: '20',
  HANDLING: '30',
  FEEDBACK: '40',
  FINISHED: '50',
  DIVERTED: '60',
} as const;

const grades = [
  { weight: 2, code: '01' },
  { weight: 10, code: '02' },
  { weight: 60, code: '03' },
  { weight: 28, code: '04' },
];

const coordinateSystems = [
  { weight: 85, code: '1' },
  { weight: 5, code: '2' },
  { weight: 10, code: '3' },
];

const ethnicities = [
  { weight: 90, code: '01' },
  { weight: 5, code: '22' },
  { weight: 2, code: '15' },
  { weight: 2, code: '03' },
  { weight: 1, code: '06' },
];

const outcomes = ['现场调解', '批评教育', '受理为治安案件', '移交社区跟进', '双方自行协商', '出警未发现异常'];

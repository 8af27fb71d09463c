import { asOf } from './arrivals.ts';
import { DAY, HOUR, MINUTE, slashed, spaced, wallTime, type WallTime } from './clock.ts';
import { mobile, personName, typedNumber } from './people.ts';
import { anyPlace, spokenAddress, type Place } from './places.ts';
import { Random } from './random.ts';
import type { GridEventRow } from './systems/grid.ts';
import type { CityTicket } from './tickets.ts';

/** The grid events around one ticket: one that handles it, and now and then one that workers found by themselves. */
export function gridEvents(seed: number, index: number, ticket: CityTicket): readonly GridEventRow[] {
  const random = new Random(seed, 'grid-event', index);
  const events: GridEventRow[] = [];
  const { place, state } = ticket;
  const toGrid = state.lead === 'grid' && state.dispatched !== null;
  if (place !== null && state.dispatched !== null && ticket.type !== 'REPORT' && random.chance(toGrid ? 0.92 : 0.12)) {
    events.push(
      gridEvent(
        {
          no: eventNumber(index, 1),
          place,
          reported: Math.min(state.dispatched + random.between(1, 60) * MINUTE, asOf),
          closed: state.closed,
          major: ticket.category.path[1],
          minor: ticket.category.path[2],
          description: ticket.content.split('。')[0] ?? null,
          ...ticket.reporter,
          ticketNo: ticket.no,
        },
        random,
      ),
    );
  }
  if (random.chance(0.12)) {
    const found = random.weighted(finds);
    const reported = wallTime('2026-01-01T08:00:00') + random.between(0, asOf - wallTime('2026-01-01T12:00:00'));
    events.push(
      gridEvent(
        {
          no: eventNumber(index, 2),
          place: anyPlace(random),
          reported,
          closed: random.chance(0.9) ? reported + random.between(2 * HOUR, 5 * DAY) : null,
          major: found.major,
          minor: found.minor,
          description: found.text,
          name: random.chance(0.5) ? personName(random) : null,
          phone: random.chance(0.5) ? mobile(random) : null,
          ticketNo: null,
        },
        random,
      ),
    );
  }
  return events;
}

interface GridEventFacts {
  readonly no: string;
  readonly place: Place;
  readonly reported: WallTime;
  readonly closed: WallTime | null;
  readonly major: string;
  readonly minor: string;
  readonly description: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly ticketNo: string | null;
}

/** One event as the grid platform writes it, as far as it has come by the end of the records. */
export function gridEvent(facts: GridEventFacts, random: Random): GridEventRow {
  const { place, reported } = facts;
  const by = (time: WallTime | null): WallTime | null => (time !== null && time <= asOf ? time : null);
  const verified = by(reported + random.between(10, 120) * MINUTE);
  const dispatched = by(verified === null ? null : verified + random.between(5, 60) * MINUTE);
  const handling = by(dispatched === null ? null : dispatched + 30 * MINUTE);
  const closed = handling === null || facts.closed === null ? null : by(Math.max(facts.closed, handling + MINUTE));
  const state = closed !== null ? 5 : handling !== null ? 4 : dispatched !== null ? 3 : verified !== null ? 2 : 1;
  const text = (time: WallTime | null): string | null => (time === null ? null : slashed(time));
  return {
    sjbh: facts.no,
    sjdl: facts.major,
    sjxl: facts.minor,
    wgbm: place.grid.code,
    sqbm: place.community.code,
    sjzt: state,
    sjdz: random.chance(0.95) ? spokenAddress(place) : '',
    sjms: facts.description,
    sbrxm: facts.name,
    sbrdh: facts.phone === null ? null : typedNumber(facts.phone, random),
    zps: random.chance(0.9) ? random.between(0, 6) : null,
    sbsj: spaced(reported),
    hssj: text(verified),
    pqsj: text(dispatched),
    czsx: text(reported + 3 * DAY),
    jasj: text(closed),
    gxsj: spaced(closed ?? handling ?? dispatched ?? verified ?? reported),
    glgdbh: facts.ticketNo,
  };
}

/** `WG` and ten digits, unique in the city. */
function eventNumber(ticketIndex: number, which: 1 | 2): string {
  return `WG${String(ticketIndex * 10 + which).padStart(10, '0')}`;
}

const finds = [
  { weight: 30, major: '市容秩序', minor: '占道经营', text: '巡查发现流动摊贩占用人行道' },
  { weight: 25, major: '环境卫生', minor: '垃圾清运', text: '巡查发现垃圾桶满溢' },
  { weight: 20, major: '市政设施', minor: '道路井盖', text: '巡查发现井盖破损' },
  { weight: 15, major: '安全隐患', minor: '消防通道', text: '巡查发现楼道堆放杂物' },
  { weight: 10, major: '民生服务', minor: '独居老人', text: '走访独居老人，需协调送餐' },
];

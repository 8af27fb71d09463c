import { canonical, wallTime, type WallTime } from './clock.ts';
import { houseWithin } from './houses.ts';
import type { HandoffLimits } from './handoff-limits.ts';
import { dueTime } from './office-hours.ts';
import { residentId } from './people.ts';
import { communities, spokenAddress, standardAddress, type Place } from './places.ts';
import { Random } from './random.ts';
import { showcase } from './showcase.ts';
import type { HandoffRow, TicketPartyRow, TicketRow } from './systems/hotline.ts';
import { handoffRows } from './tickets.ts';
import { stateAfter } from './ticket-state.ts';
import type { HandoffKind, Step } from './trail.ts';

interface ShowcaseTicket {
  readonly row: TicketRow;
  readonly parties: readonly TicketPartyRow[];
  readonly handoffs: readonly HandoffRow[];
}

/** Where all three tickets lie. */
export const showcasePlace: Place = placeOfShowcase();
export const showcaseEstate = '榕荫花园';
export const showcaseWithin = houseWithin(showcaseEstate, 3, 2, '501');
export const showcaseAddress = standardAddress(showcasePlace, showcaseWithin);

export function showcaseTickets(): readonly ShowcaseTicket[] {
  return [complaint(), report(), confidential()];
}

function complaint(): ShowcaseTicket {
  const steps = [
    step('ACCEPT', null, 'hotline', '2026-11-05T10:15:10', '110分流，诉求要素齐全', showcase.incidents.byNumber),
    step('DISPATCH', 'hotline', 'housing', '2026-11-05T10:40:00', '按派单目录派发'),
    step('SIGN_FOR', 'housing', 'housing', '2026-11-05T11:05:20', '已签收'),
    step('REASSIGN', 'housing', 'grid', '2026-11-05T14:10:00', '请网格员先行到场核实楼道堆物情况'),
    step('RETURN', 'grid', 'hotline', '2026-11-05T16:30:45', '已到场核实，属物业服务问题，不属网格职责范围'),
    step('REASSIGN', 'hotline', 'housing', '2026-11-05T16:50:00', '根据核实情况改派住建部门牵头'),
    step('SIGN_FOR', 'housing', 'housing', '2026-11-05T17:05:00', '已签收'),
    step('CO_SIGN', 'housing', 'police', '2026-11-06T09:20:00', '请提供现场处警情况'),
    step('CO_SIGN', 'housing', 'market', '2026-11-06T09:25:00', '请提供企业登记及处罚信息'),
  ];
  return ticket(showcase.ticketNo, '2026-11-05T10:12:30', steps, {
    channel: '110分流',
    type: 'COMPLAINT',
    title: `${showcaseEstate}物业服务不到位`,
    content:
      `来电人${showcase.reporterName}反映，${showcaseEstate}的物业长期不清理楼道，上门理论时与保安发生争执。` +
      `这种情况已经两个多月。要求有关部门督促整改。联系电话${showcase.reporterPhone}。`,
    category_path: JSON.stringify(['住房保障', '物业管理', '服务质量']),
    house_code: showcase.houseCode,
    uscc: showcase.uscc,
    police_incident_no: showcase.incidents.byNumber,
    reporter_name: showcase.reporterName,
    reporter_phone: showcase.reporterPhone,
    lead_unit: showcase.leadUnit,
    co: ['police', 'market'],
    urge_count: 1,
  });
}

function report(): ShowcaseTicket {
  const steps = [
    step('ACCEPT', null, 'hotline', '2026-11-05T10:16:00', '举报线索，按保密要求受理'),
    step('DISPATCH', 'hotline', 'market', '2026-11-05T10:30:00', '请按举报程序办理'),
    step('SIGN_FOR', 'market', 'market', '2026-11-05T11:40:00', '已安排经办人'),
  ];
  return ticket(showcase.reportTicketNo, '2026-11-05T10:13:05', steps, {
    channel: '电话',
    type: 'REPORT',
    title: '举报小吃店无证经营',
    content:
      '来电人举报：该店没有食品经营许可证，每天对外送几十份盒饭。请依法查处，并对举报人信息保密。联系电话13900590628。',
    category_path: JSON.stringify(['市场监管', '违法经营', '无证经营']),
    house_code: null,
    uscc: showcase.reportedUscc,
    police_incident_no: null,
    reporter_name: '黄雨桐',
    reporter_phone: '13900590628',
    lead_unit: showcase.reportUnit,
    co: [],
    urge_count: 0,
  });
}

function confidential(): ShowcaseTicket {
  const steps = [
    step('ACCEPT', null, 'hotline', '2026-11-05T10:18:30', '诉求人要求保密'),
    step('DISPATCH', 'hotline', 'housing', '2026-11-05T10:50:00', '按派单目录派发'),
    step('SIGN_FOR', 'housing', 'housing', '2026-11-05T14:35:00', '已签收'),
    step('FEEDBACK', 'housing', 'hotline', '2026-11-09T10:05:00', '已与诉求人联系并答复'),
    step('CLOSE', 'hotline', 'hotline', '2026-11-09T15:20:00', '审核通过，办结'),
  ];
  return ticket(showcase.confidentialTicketNo, '2026-11-05T10:14:20', steps, {
    channel: '微信小程序',
    type: 'COMPLAINT',
    title: '反映同楼层住户群租',
    content:
      '诉求人称，同楼层有住户把房屋隔成七八间出租，人员进进出出。希望到现场核实，不要透露来电人信息。本人郑嘉禾，电话13700590739。',
    category_path: JSON.stringify(['住房保障', '房屋租赁', '押金纠纷']),
    house_code: showcase.nearMisses.neighbourHouse,
    uscc: null,
    police_incident_no: null,
    reporter_name: '郑嘉禾',
    reporter_phone: '13700590739',
    lead_unit: 'housing-rental',
    co: [],
    urge_count: 0,
    confidential: 1,
    result: '已责令恢复原有房屋格局，限期清退隔断',
    reply_text: '郑嘉禾您好！您反映的问题已由住建部门办理：已责令恢复原有房屋格局，限期清退隔断。感谢您的来电。',
    factual: 1,
    out_of_remit: 0,
    resolved: 1,
    // Signed for too late, and closed on a visit that nothing shows.
    limits: { urgent: true, siteVisit: true, evidence: 0 },
  });
}

type Given = Pick<
  TicketRow,
  | 'channel'
  | 'type'
  | 'title'
  | 'content'
  | 'category_path'
  | 'house_code'
  | 'uscc'
  | 'police_incident_no'
  | 'reporter_name'
  | 'reporter_phone'
  | 'lead_unit'
  | 'urge_count'
> &
  Partial<TicketRow> & { readonly co: readonly string[]; readonly limits?: Omit<HandoffLimits, 'due'> };

const calm = { urgent: false, siteVisit: false, evidence: 0 };

function ticket(
  no: string,
  receivedAt: string,
  steps: readonly Step[],
  { co, limits = calm, ...given }: Given,
): ShowcaseTicket {
  const received = wallTime(receivedAt);
  const state = stateAfter(steps);
  const sourceNo = no.slice('12345:'.length);
  const { community } = showcasePlace;
  const at = (time: WallTime | null): string | null => (time === null ? null : canonical(time));
  const row: TicketRow = {
    ticket_no: no,
    source_system: '12345',
    source_no: sourceNo,
    urgency: 'NORMAL',
    status: state.status,
    division_code: community.code,
    street: community.street.name,
    community: community.name,
    address: spokenAddress(showcasePlace, showcaseWithin),
    standard_address: no === showcase.ticketNo ? showcaseAddress : standardAddress(showcasePlace),
    grid_code: showcase.gridCode,
    longitude: showcasePlace.longitude,
    latitude: showcasePlace.latitude,
    crs: 'CGCS2000',
    reporter_id_number: residentId(new Random('showcase', no)),
    anonymous: 0,
    confidential: 0,
    first_receiver: state.firstReceiver,
    lead_agency: state.lead,
    co_agencies: JSON.stringify(co),
    confirmed_co_agencies: JSON.stringify(co),
    former_agencies: JSON.stringify(state.former),
    received_at: canonical(received),
    accepted_at: at(state.accepted),
    dispatched_at: at(state.dispatched),
    signed_at: at(state.signed),
    handled_at: at(state.handled),
    visited_at: at(state.visited),
    closed_at: at(state.closed),
    due_at: canonical(dueTime(received, false)),
    updated_at: canonical(steps.at(-1)?.at ?? received),
    result: null,
    reply_text: null,
    factual: null,
    out_of_remit: null,
    resolved: null,
    unresolved_reason: null,
    satisfaction: null,
    satisfaction_raw: null,
    returned: state.returned ? 1 : 0,
    joint_handling: co.length > 0 ? 1 : 0,
    extended: 0,
    difficult: 0,
    ...given,
  };
  const parties = [
    ...co.map((agency) => ({ ticket_no: no, agency, role: 'CO' })),
    ...co.map((agency) => ({ ticket_no: no, agency, role: 'CO_CONFIRMED' })),
    ...state.former.map((agency) => ({ ticket_no: no, agency, role: 'FORMER' })),
  ];
  return { row, parties, handoffs: handoffRows(no, sourceNo, steps, { due: dueTime(received, false), ...limits }) };
}

function step(
  kind: HandoffKind,
  from: string | null,
  to: string | null,
  at: string,
  reason: string,
  policeNo: string | null = null,
): Step {
  return { kind, from, to, at: wallTime(at), by: clerks[from ?? 'hotline'] ?? clerks.hotline, reason, policeNo };
}

const clerks: Readonly<Record<string, string>> & { readonly hotline: string } = {
  hotline: '陈思远',
  housing: '吴建平',
  grid: '许海燕',
  market: '方志强',
};

function placeOfShowcase(): Place {
  for (const community of communities) {
    const grid = community.grids.find(({ code }) => code === showcase.gridCode);
    if (grid === undefined) continue;
    return {
      community,
      grid,
      road: '榕荫路',
      number: 12,
      longitude: community.longitude,
      latitude: community.latitude,
    };
  }
  throw new Error(`the city has no grid ${showcase.gridCode}`);
}

import { asOf } from './arrivals.ts';
import { DAY, HOUR, MINUTE, type WallTime } from './clock.ts';
import { officeMoment } from './office-hours.ts';
import { personName } from './people.ts';
import type { Random } from './random.ts';

export type HandoffKind =
  | 'ACCEPT'
  | 'DISPATCH'
  | 'SIGN_FOR'
  | 'RETURN'
  | 'REASSIGN'
  | 'CO_SIGN'
  | 'ESCALATE'
  | 'FEEDBACK'
  | 'CLOSE'
  | 'REWORK'
  | 'FOLLOW_UP'
  | 'ARCHIVE';

/** One handoff before it is written down. */
export interface Step {
  readonly kind: HandoffKind;
  readonly from: string | null;
  readonly to: string | null;
  readonly at: WallTime;
  readonly by: string;
  readonly reason: string | null;
  /** Number of the police incident that came or went with this step. */
  readonly policeNo: string | null;
}

interface Journey {
  readonly received: WallTime;
  /** Who handles it in the end. */
  readonly lead: string;
  /** Who might get it by mistake. */
  readonly wrong: string;
  readonly coAgencies: readonly string[];
  readonly policeNo: string | null;
}

/** The steps of a ticket up to the end of the records: most go straight, some are returned, some circle, some stall. */
export function trail(journey: Journey, random: Random): readonly Step[] {
  const steps: Step[] = [];
  let now = journey.received;
  const add = (kind: HandoffKind, from: string | null, to: string | null, low: number, high: number): void => {
    now += random.between(low, high);
    if (kind !== 'ACCEPT' && kind !== 'DISPATCH') now = officeMoment(now, random);
    const policeNo = kind === 'ACCEPT' ? journey.policeNo : null;
    const reasons = reasonsOf[kind];
    const reason = random.chance(kind === 'RETURN' || kind === 'REASSIGN' ? 1 : 0.75) ? random.pick(reasons) : null;
    steps.push({ kind, from, to, at: now, by: personName(random), reason, policeNo });
  };

  add('ACCEPT', null, 'hotline', 20, 10 * MINUTE);
  if (journey.lead === 'hotline') answerAtDesk(add, random);
  else {
    reachLead(journey, add, random);
    handle(journey, add, random);
  }
  const happened = steps.filter((step) => step.at <= asOf);
  return random.chance(0.05) ? stalled(happened, random) : happened;
}

/** A ticket that nobody moves on, though it is not closed: what supervision looks for. */
function stalled(steps: readonly Step[], random: Random): readonly Step[] {
  const closed = steps.findIndex((step) => step.kind === 'CLOSE');
  const rework = steps.findIndex((step) => step.kind === 'REWORK');
  const last = rework > 0 ? rework + 1 : closed > 0 ? closed : steps.length;
  return steps.slice(0, rework > 0 ? last : random.between(1, last));
}

type Add = (kind: HandoffKind, from: string | null, to: string | null, low: number, high: number) => void;

function answerAtDesk(add: Add, random: Random): void {
  add('FEEDBACK', 'hotline', 'hotline', 10 * MINUTE, 14 * HOUR);
  add('CLOSE', 'hotline', 'hotline', 5 * MINUTE, 3 * HOUR);
  if (random.chance(0.5)) add('FOLLOW_UP', 'hotline', 'hotline', 4 * HOUR, 30 * HOUR);
  add('ARCHIVE', 'hotline', 'hotline', DAY, 3 * DAY);
}

function reachLead({ lead, wrong }: Journey, add: Add, random: Random): void {
  const way = random.next();
  if (way < 0.03) {
    add('DISPATCH', 'hotline', lead, 5 * MINUTE, 5 * HOUR);
    if (random.chance(0.5)) add('SIGN_FOR', lead, lead, 10 * MINUTE, 6 * HOUR);
    add('RETURN', lead, 'hotline', HOUR, 20 * HOUR);
    add('REASSIGN', 'hotline', wrong, 10 * MINUTE, 5 * HOUR);
    add('RETURN', wrong, 'hotline', HOUR, 20 * HOUR);
    add('REASSIGN', 'hotline', lead, 10 * MINUTE, 5 * HOUR);
    if (way > 0.022) {
      // It goes to and fro.
      add('RETURN', lead, 'hotline', HOUR, 20 * HOUR);
      add('REASSIGN', 'hotline', wrong, 10 * MINUTE, 5 * HOUR);
      add('RETURN', wrong, 'hotline', HOUR, 20 * HOUR);
      add('REASSIGN', 'hotline', lead, 10 * MINUTE, 5 * HOUR);
    }
  } else if (way < 0.09) {
    add('DISPATCH', 'hotline', wrong, 5 * MINUTE, 5 * HOUR);
    add('RETURN', wrong, 'hotline', HOUR, 20 * HOUR);
    add('REASSIGN', 'hotline', lead, 10 * MINUTE, 5 * HOUR);
  } else if (way < 0.11) {
    add('DISPATCH', 'hotline', wrong, 5 * MINUTE, 5 * HOUR);
    add('SIGN_FOR', wrong, wrong, 10 * MINUTE, 6 * HOUR);
    add('REASSIGN', wrong, lead, HOUR, 10 * HOUR);
  } else {
    add('DISPATCH', 'hotline', lead, 5 * MINUTE, 5 * HOUR);
  }
  add('SIGN_FOR', lead, lead, 10 * MINUTE, 6 * HOUR);
}

function handle({ lead, coAgencies }: Journey, add: Add, random: Random): void {
  for (const co of coAgencies) add('CO_SIGN', lead, co, 30 * MINUTE, 8 * HOUR);
  if (random.chance(0.02)) add('ESCALATE', lead, 'hotline', HOUR, 10 * HOUR);
  const late = random.chance(0.05) ? random.between(6, 15) * DAY : 0;
  add('FEEDBACK', lead, 'hotline', 2 * HOUR + late, 3 * DAY + late);
  add('CLOSE', 'hotline', 'hotline', 20 * MINUTE, 10 * HOUR);
  add('FOLLOW_UP', 'hotline', 'hotline', 4 * HOUR, 40 * HOUR);
  if (random.chance(0.06)) {
    add('REWORK', 'hotline', lead, 10 * MINUTE, 4 * HOUR);
    add('SIGN_FOR', lead, lead, 10 * MINUTE, 5 * HOUR);
    add('FEEDBACK', lead, 'hotline', 5 * HOUR, 3 * DAY);
    add('CLOSE', 'hotline', 'hotline', 20 * MINUTE, 10 * HOUR);
    add('FOLLOW_UP', 'hotline', 'hotline', 4 * HOUR, 40 * HOUR);
  }
  add('ARCHIVE', 'hotline', 'hotline', DAY, 3 * DAY);
}

const reasonsOf: Readonly<Record<HandoffKind, readonly string[]>> = {
  ACCEPT: ['诉求要素齐全，予以受理', '电话受理', '网上提交，已核对要素'],
  DISPATCH: ['按派单目录派发', '请按时限办理并反馈', '请现场核实后答复诉求人'],
  SIGN_FOR: ['已签收', '已安排经办人'],
  RETURN: ['不属于本单位职责范围', '诉求地址不在辖区内', '要素不全，无法核实', '经现场核实属其他部门职责'],
  REASSIGN: ['根据职责分工改派', '经协商明确牵头单位后改派', '首派有误，重新派单'],
  CO_SIGN: ['请协助现场核查', '涉及贵单位职责，请会签意见', '请提供相关登记信息'],
  ESCALATE: ['涉及多个部门，提请协调', '诉求人多次反映，提请督办'],
  FEEDBACK: ['已办理完毕，见办理结果', '已与诉求人联系并答复', '已整改，附现场照片'],
  CLOSE: ['审核通过，办结', '材料齐全，同意办结'],
  REWORK: ['回访不满意，退回重办', '诉求人反映问题未解决'],
  FOLLOW_UP: ['已电话回访', '已短信回访'],
  ARCHIVE: ['归档'],
};

import type { Category } from './categories/category.ts';
import type { Random } from './random.ts';
import type { TicketRow } from './systems/hotline.ts';
import type { TicketState } from './ticket-state.ts';
import { replyText } from './ticket-text.ts';

/** How a ticket came out; nothing of it is known before the handler has reported. */
export function outcomeOf(
  category: Category,
  state: TicketState,
  name: string | null,
  random: Random,
): Pick<
  TicketRow,
  | 'result'
  | 'reply_text'
  | 'factual'
  | 'out_of_remit'
  | 'resolved'
  | 'unresolved_reason'
  | 'satisfaction'
  | 'satisfaction_raw'
> {
  if (state.handled === null) {
    return {
      result: null,
      reply_text: null,
      factual: null,
      out_of_remit: null,
      resolved: null,
      unresolved_reason: null,
      satisfaction: null,
      satisfaction_raw: null,
    };
  }
  const result = random.pick(category.results);
  const resolved = random.chance(0.85);
  // Follow-up asks 1 to 5, the best first; the code is kept as the hotline's system wrote it.
  const grade = state.visited === null ? null : random.weighted(satisfactions);
  return {
    result,
    reply_text: random.chance(0.9) ? replyText(result, name, agencyNames[category.agency], random) : '',
    factual: random.chance(0.8) ? 1 : 0,
    out_of_remit: random.chance(0.03) ? 1 : 0,
    resolved: resolved ? 1 : 0,
    unresolved_reason: resolved ? null : random.pick(unresolvedReasons),
    satisfaction: grade?.value ?? null,
    satisfaction_raw: grade?.raw ?? null,
  };
}

const agencyNames = {
  hotline: '12345便民服务中心',
  police: '公安机关',
  grid: '网格中心',
  market: '市场监管部门',
  housing: '住建部门',
} as const;

const satisfactions = [
  { weight: 40, value: 'VERY_SATISFIED', raw: '1' },
  { weight: 30, value: 'SATISFIED', raw: '2' },
  { weight: 15, value: 'NEUTRAL', raw: '3' },
  { weight: 10, value: 'DISSATISFIED', raw: '4' },
  { weight: 5, value: 'VERY_DISSATISFIED', raw: '5' },
];

const unresolvedReasons = [
  '需列入下一年度改造计划',
  '当事人拒绝调解，建议走司法途径',
  '产权归属有争议，待核实',
  '已反复整治，易反弹',
];

import type { Category, TicketType } from './categories/category.ts';
import type { Random } from './random.ts';

/** What a text can speak of. */
interface TextFacts {
  readonly where: string;
  /** A company's or an estate's name. */
  readonly what: string;
  readonly name: string | null;
  readonly phone: string | null;
  readonly idNumber: string | null;
}

interface TicketText {
  readonly title: string;
  readonly content: string;
}

/** Title and content as an operator writes them down. Some name the caller and the number, as real ones do. */
export function ticketText(category: Category, type: TicketType, facts: TextFacts, random: Random): TicketText {
  const fill = (text: string): string => text.replaceAll('{where}', facts.where).replaceAll('{what}', facts.what);
  const matter = random.pick(category.matters);
  const sentences = [
    `${random.pick(openings[type])}${fill(matter.body)}`,
    random.chance(0.7) ? random.pick(durations[type]) : '',
    random.pick(demands[type]),
    contact(facts, random),
  ];
  const content = sentences
    .filter((sentence) => sentence !== '')
    .map((sentence) => `${sentence}。`)
    .join('');
  return { title: fill(random.pick(matter.titles)), content };
}

/** The reply that the citizen is read at the end. */
export function replyText(result: string, name: string | null, unitName: string, random: Random): string {
  const address = name === null ? '您好' : `${name.charAt(0)}${random.pick(['先生', '女士'])}您好`;
  return `${address}！您反映的问题已由${unitName}办理：${result}。${random.pick(closings)}`;
}

function contact(facts: TextFacts, random: Random): string {
  const { name, phone, idNumber } = facts;
  if (phone === null) return '';
  const kind = random.next();
  if (kind < 0.1) return `联系电话${phone}`;
  if (kind < 0.16 && name !== null) return `本人${name}，电话${phone}，请尽快联系`;
  if (kind < 0.2) return `可拨打${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}找我核实`;
  if (kind < 0.24 && name !== null) return `诉求人${name}要求回电`;
  if (kind < 0.26 && idNumber !== null) return `诉求人身份证号${idNumber}，已同意用于核实`;
  return '';
}

const openings: Readonly<Record<TicketType, readonly string[]>> = {
  COMPLAINT: ['市民来电投诉：', '来电人反映，', '网上留言：', '诉求人称，', ''],
  HELP_REQUEST: ['市民来电求助：', '来电人表示，', '诉求人反映，', ''],
  REPORT: ['来电人举报：', '群众举报，', '匿名线索：'],
  CONSULTATION: ['市民咨询：', '来电人', '网上咨询：'],
  SUGGESTION: ['市民建议：', '网上留言：', '来电人提出，'],
  COMMENDATION: ['市民来电表扬：', '来电人表示，', '网上留言：'],
};

const lasting = [
  '这种情况已经两个多月',
  '从上个月开始几乎每天如此',
  '最近一周更加严重',
  '前后反映过三次都没有下文',
  '已经影响到正常生活',
  '附近住户意见都很大',
];
const asked = ['之前打过几个电话，得到的答复不一致', '网上没有查到明确的说法', '平时上班，不方便到窗口去'];

const durations: Readonly<Record<TicketType, readonly string[]>> = {
  COMPLAINT: lasting,
  HELP_REQUEST: lasting,
  REPORT: ['多在晚上进行，白天关门', '已经持续半年以上', '现场有照片可以提供'],
  CONSULTATION: asked,
  SUGGESTION: ['附近居民都有同样的想法', '高峰时段问题尤其突出'],
  COMMENDATION: ['服务耐心细致', '没有留下姓名就走了'],
};

const demands: Readonly<Record<TicketType, readonly string[]>> = {
  COMPLAINT: ['要求有关部门尽快处理并给出答复', '希望到现场核实', '要求对方整改', '请相关部门依法查处'],
  HELP_REQUEST: ['希望尽快派人处理', '请有关部门协调解决', '盼复'],
  REPORT: ['请依法查处，并对举报人信息保密', '希望尽快调查，不要透露来电人信息'],
  CONSULTATION: ['请予答复', '希望告知具体办理方式', '请电话回复'],
  SUGGESTION: ['望采纳', '请有关部门研究'],
  COMMENDATION: ['希望转达谢意', '希望单位给予表扬'],
};

const closings = [
  '感谢您的来电。',
  '如有疑问可再次拨打12345。',
  '感谢您对城市管理的关心和支持。',
  '后续情况请继续监督。',
];

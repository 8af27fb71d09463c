import { completeUscc } from '../codes/uscc.ts';
import { wallTime, DAY, type WallTime } from './clock.ts';
import { landline, mobile, personName } from './people.ts';
import { anyPlace, standardAddress, type Place } from './places.ts';
import { Random } from './random.ts';
import type { World } from './world.ts';

export interface Company {
  readonly uscc: string;
  readonly name: string;
  readonly trade: Trade;
  readonly registrationNo: string;
  readonly legalRepresentative: string;
  readonly phone: string;
  /** In 万元. */
  readonly capital: number;
  readonly established: WallTime;
  /** Null for a term without end. */
  readonly termEnd: WallTime | null;
  readonly state: CompanyState;
  readonly place: Place;
  readonly standardAddress: string;
}

export type CompanyState = 'IN_BUSINESS' | 'REVOKED' | 'DEREGISTERED' | 'MOVED_OUT';

export interface Trade {
  readonly weight: number;
  /** How its names end. */
  readonly suffix: string;
  readonly entityType: string;
  readonly scope: string;
  /** A licence it needs besides the 营业执照. */
  readonly licence?: string;
}

/** The company of this index, from 0. */
export function company(world: World, index: number): Company {
  const random = new Random(world.seed, 'company', index);
  const place = anyPlace(random);
  const trade = index < world.propertyCompanies ? propertyTrade : random.weighted(trades);
  const individual = trade.entityType === '个体工商户';
  const areaCode = place.community.area.code;
  const head = individual ? place.community.area.name : '福州';
  const established = wallTime('2004-01-01') + random.between(0, 7_700) * DAY;
  return {
    uscc: completeUscc(`${individual ? '92' : '91'}${areaCode}`, organisation(world.seed, index)),
    name: `${head}${random.pick(nameFirst)}${random.pick(nameSecond)}${trade.suffix}`,
    trade,
    registrationNo: `${areaCode}${individual ? '6' : '1'}${String(index).padStart(8, '0')}`,
    legalRepresentative: personName(random),
    phone: random.chance(0.5) ? landline(random) : mobile(random),
    capital: individual
      ? random.between(1, 20)
      : random.pick([10, 50, 100, 300, 500, 1_000, 5_000]) + random.pick([0, 0, 0.5, 8.8888]),
    established,
    termEnd: random.chance(0.4) ? established + random.pick([10, 20, 30]) * 365 * DAY : null,
    state: index < world.propertyCompanies ? 'IN_BUSINESS' : random.weighted(states).state,
    place,
    standardAddress: standardAddress(place),
  };
}

/**
 * The same company's code with two of its characters swapped and both check characters made right again, as a clerk
 * who trusts the form would file it; null where the two are equal. No company of the city has it.
 */
export function swappedUscc(uscc: string): string | null {
  const body = uscc.slice(8, 16);
  const swapped = body.slice(0, 2) + body.charAt(3) + body.charAt(2) + body.slice(4);
  return swapped === body ? null : completeUscc(uscc.slice(0, 8), swapped);
}

/** Where the company is registered: the market authority of its area. */
export function registrationAuthority(place: Place): string {
  return `${place.community.area.name}市场监督管理局`;
}

/**
 * Eight characters of an organisation code. The last is a checksum of the five before it with weights that differ, so
 * that swapping two characters never gives another company's code.
 */
function organisation(seed: number, index: number): string {
  let rest = (index * 7_368_787 + 1_000_003 * (1 + (seed % 20))) % 31 ** 5;
  let body = '';
  let sum = 0;
  for (let weight = 1; weight <= 5; weight++) {
    const digit = rest % 31;
    rest = Math.floor(rest / 31);
    body += ALPHABET.charAt(digit);
    sum += digit * weight;
  }
  return `MA${body}${ALPHABET.charAt(sum % 31)}`;
}

/** The characters of GB 32100. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

const propertyTrade: Trade = {
  weight: 0,
  suffix: '物业管理有限公司',
  entityType: '有限责任公司(自然人投资或控股)',
  scope: '物业管理；停车场服务；园林绿化工程施工；家政服务。',
};

const limited = '有限责任公司(自然人投资或控股)';
const individual = '个体工商户';

const trades: readonly Trade[] = [
  { weight: 18, suffix: '餐饮店', entityType: individual, scope: '餐饮服务；食品销售。', licence: '食品经营许可证' },
  { weight: 10, suffix: '小吃店', entityType: individual, scope: '小餐饮；饮料零售。', licence: '食品经营许可证' },
  {
    weight: 8,
    suffix: '餐饮管理有限公司',
    entityType: limited,
    scope: '餐饮服务；餐饮管理；食品销售。',
    licence: '食品经营许可证',
  },
  {
    weight: 10,
    suffix: '便利店',
    entityType: individual,
    scope: '日用百货、预包装食品、卷烟零售。',
    licence: '烟草专卖零售许可证',
  },
  {
    weight: 6,
    suffix: '超市有限公司',
    entityType: limited,
    scope: '食品销售；日用百货销售；生鲜零售。',
    licence: '食品经营许可证',
  },
  {
    weight: 7,
    suffix: '大药房',
    entityType: '有限责任公司分公司',
    scope: '药品零售；医疗器械销售。',
    licence: '药品经营许可证',
  },
  { weight: 6, suffix: '健身服务有限公司', entityType: limited, scope: '健身休闲活动；体育用品零售。' },
  {
    weight: 6,
    suffix: '美容美发店',
    entityType: individual,
    scope: '生活美容服务；理发服务；化妆品零售。',
    licence: '卫生许可证',
  },
  {
    weight: 6,
    suffix: '教育培训有限公司',
    entityType: limited,
    scope: '非学科类校外培训；教育咨询服务。',
    licence: '办学许可证',
  },
  { weight: 6, suffix: '房产中介有限公司', entityType: limited, scope: '房地产经纪；住房租赁；房地产咨询。' },
  { weight: 5, suffix: '装饰工程有限公司', entityType: limited, scope: '住宅室内装饰装修；建筑材料销售。' },
  { weight: 5, suffix: '汽车服务有限公司', entityType: limited, scope: '机动车修理和维护；汽车零配件零售。' },
  { weight: 4, suffix: '电子商务有限公司', entityType: limited, scope: '互联网销售；日用百货销售；货物进出口。' },
  { weight: 3, suffix: '旅馆', entityType: individual, scope: '住宿服务。', licence: '特种行业许可证' },
];

const states = [
  { weight: 90, state: 'IN_BUSINESS' },
  { weight: 3, state: 'REVOKED' },
  { weight: 5, state: 'DEREGISTERED' },
  { weight: 2, state: 'MOVED_OUT' },
] as const;

const nameFirst = [...'榕闽恒鑫盛泰嘉瑞祥和锦宏源达汇聚悦品尚雅康润惠优乐福顺安'];
const nameSecond = [...'源达丰泰佳美城家居味园轩阁坊舍邦林海江川岳峰辰星辉煌'];

import { asOf } from './arrivals.ts';
import { DAY, HOUR, slashed, slashedDate, wallTime, type WallTime } from './clock.ts';
import { company, registrationAuthority, swappedUscc, type Company, type CompanyState } from './companies.ts';
import { mobile, personName, typedNumber } from './people.ts';
import { spokenAddress } from './places.ts';
import { Random } from './random.ts';
import type { SourceFile } from './source-file.ts';
import type {
  ConsumerComplaintRow,
  EntityRow,
  LicenceRow,
  ListingRow,
  marketSystem,
  PenaltyRow,
} from './systems/market.ts';
import type { CityTicket } from './tickets.ts';
import type { World } from './world.ts';

type MarketFile = SourceFile<(typeof marketSystem)['tables']>;

/** The company of this index with everything that the registry holds about it, and at times one with a code like its own. */
export function writeCompany(world: World, index: number, file: MarketFile): void {
  const random = new Random(world.seed, 'registry', index);
  const firm = company(world, index);
  file.insert('E_BASEINFO', entityRow(firm, random));
  for (const licence of licencesOf(firm, index, random)) file.insert('E_LICENCE', licence);
  const penalties = random.chance(0.12) ? random.between(1, 3) : 0;
  for (let i = 0; i < penalties; i++) file.insert('E_PUNISH', penaltyRow(firm, index * 10 + i, random));
  if (random.chance(0.08)) file.insert('E_ABNORMITY', listingRow(firm, index, random));

  const twin = random.chance(0.04) ? swappedUscc(firm.uscc) : null;
  if (twin === null) return;
  const other = company(world, (index + 1) % world.companies);
  file.insert('E_BASEINFO', { ...entityRow(other, random), UNISCID: twin, REGNO: `${firm.registrationNo}9` });
}

/** The 12315 complaints around one ticket: of its reporter, if it is about a company, and of others. */
export function consumerComplaints(world: World, index: number, ticket: CityTicket): readonly ConsumerComplaintRow[] {
  const random = new Random(world.seed, 'complaint', index);
  const rows: ConsumerComplaintRow[] = [];
  const { company: firm, reporter, received } = ticket;
  const own = firm !== null && ticket.category.agency === 'market' && ticket.type === 'COMPLAINT';
  if (own && random.chance(0.35)) {
    rows.push(
      complaintRow(
        firm.uscc,
        `TS${String(index * 10 + 1).padStart(10, '0')}`,
        Math.min(received + random.between(1, 40) * HOUR, asOf),
        { ...reporter, content: `${ticket.content.split('。')[0] ?? ''}。` },
        random,
      ),
    );
  }
  if (random.chance(0.05)) {
    const other = company(world, random.between(0, world.companies - 1));
    const someone = { name: personName(random), phone: mobile(random), content: random.pick(grievances) };
    const registered = wallTime('2025-06-01') + random.between(0, asOf - wallTime('2025-06-02'));
    rows.push(complaintRow(other.uscc, `TS${String(index * 10 + 2).padStart(10, '0')}`, registered, someone, random));
  }
  return rows;
}

export function entityRow(firm: Company, random: Random): EntityRow {
  return {
    UNISCID: firm.uscc,
    ENTNAME: firm.name,
    REGNO: random.chance(0.9) ? firm.registrationNo : '',
    ENTTYPE_CN: firm.trade.entityType,
    NAME: firm.legalRepresentative,
    TEL: random.chance(0.9) ? typedNumber(firm.phone, random) : null,
    REGCAP: firm.capital,
    ESTDATE: slashedDate(firm.established),
    OPSCOPE: firm.trade.scope,
    OPFROM: slashedDate(firm.established),
    OPTO: firm.termEnd === null ? '' : slashedDate(firm.termEnd),
    REGORG_CN: registrationAuthority(firm.place),
    REGSTATE_CN: stateTexts[firm.state],
    DOM: spokenAddress(firm.place),
    DOM_STD: random.chance(0.95) ? firm.standardAddress : null,
    DOMDISTRICT: firm.place.community.area.code,
  };
}

export function complaintRow(
  uscc: string,
  no: string,
  registered: WallTime,
  by: { readonly name: string | null; readonly phone: string | null; readonly content: string },
  random: Random,
): ConsumerComplaintRow {
  return {
    TSBH: no,
    UNISCID: uscc,
    TSRXM: by.name,
    TSRDH: by.phone === null ? null : typedNumber(by.phone, random),
    TSNR: by.content,
    DJSJ: slashed(registered),
    CLJG: registered + 7 * DAY <= asOf ? random.pick(['调解成功', '调解不成', '已立案', '投诉人撤回']) : null,
  };
}

function licencesOf(firm: Company, index: number, random: Random): readonly LicenceRow[] {
  const authority = registrationAuthority(firm.place);
  const rows: LicenceRow[] = [
    {
      LICNO: `YZ${String(index).padStart(8, '0')}1`,
      UNISCID: firm.uscc,
      LICNAME_CN: '营业执照',
      ISSDATE: slashedDate(firm.established),
      VALTO: firm.termEnd === null ? '' : slashedDate(firm.termEnd),
      LICANTH: authority,
    },
  ];
  if (firm.trade.licence !== undefined && random.chance(0.9)) {
    const issued = Math.min(firm.established + random.between(20, 4_000) * DAY, asOf - 10 * DAY);
    rows.push({
      LICNO: `XK${String(index).padStart(8, '0')}2`,
      UNISCID: firm.uscc,
      LICNAME_CN: firm.trade.licence,
      ISSDATE: slashedDate(issued),
      VALTO: slashedDate(issued + 5 * 365 * DAY),
      LICANTH: authority,
    });
  }
  return rows;
}

function penaltyRow(firm: Company, serial: number, random: Random): PenaltyRow {
  const matter = random.pick(penaltyMatters);
  const decided = Math.max(firm.established, wallTime('2022-01-01')) + random.between(0, 900) * DAY;
  return {
    PENDECNO: `${firm.place.community.area.name.charAt(0)}市监罚〔2026〕${serial}号`.replace(
      '2026',
      slashedDate(decided).slice(0, 4),
    ),
    UNISCID: firm.uscc,
    PENBASIS: matter.basis,
    PENTYPE: matter.kind,
    PENAM: matter.kind === '1' ? null : `${random.between(5, 300) * 100}.${random.pick(['00', '00', '50'])}`,
    PENDECISSDATE: slashedDate(Math.min(decided, asOf)),
    JUDAUTH_CN: registrationAuthority(firm.place),
  };
}

function listingRow(firm: Company, index: number, random: Random): ListingRow {
  const listed = Math.max(firm.established, wallTime('2021-07-01')) + random.between(0, 1_500) * DAY;
  const removed = listed + random.between(20, 500) * DAY;
  return {
    ABNID: `YC${String(index).padStart(9, '0')}`,
    UNISCID: firm.uscc,
    SPECAUSE_CN: random.pick(listingReasons),
    ABNTIME: slashedDate(Math.min(listed, asOf)),
    REMDATE: random.chance(0.6) && removed <= asOf ? slashedDate(removed) : '',
    DECORG_CN: registrationAuthority(firm.place),
  };
}

const stateTexts: Readonly<Record<CompanyState, string>> = {
  IN_BUSINESS: '存续（在营、开业、在册）',
  REVOKED: '吊销，未注销',
  DEREGISTERED: '注销',
  MOVED_OUT: '迁出',
};

const penaltyMatters = [
  { kind: '2', basis: '《中华人民共和国食品安全法》第一百二十五条' },
  { kind: '2', basis: '《中华人民共和国消费者权益保护法》第五十六条' },
  { kind: '1', basis: '《明码标价和禁止价格欺诈规定》第二十一条' },
  { kind: '3', basis: '《中华人民共和国产品质量法》第四十九条' },
  { kind: '2', basis: '《中华人民共和国广告法》第五十五条' },
];

const listingReasons = ['通过登记的住所或者经营场所无法联系', '未按规定期限公示年度报告', '公示企业信息隐瞒真实情况'];

const grievances = [
  '商品与宣传不符，要求退货。',
  '保修期内拒绝维修。',
  '预付卡余额不退。',
  '称重短斤少两。',
  '外卖食品变质。',
];

import { wallTime } from './clock.ts';
import type { Company, Trade } from './companies.ts';
import { gridEvent } from './grid-events.ts';
import type { House } from './houses.ts';
import { appraisalRow, houseRow, leaseRow, propertyCompanyRow } from './housing-records.ts';
import { policeFile, type IncidentFacts, type PoliceFile } from './police-file.ts';
import { incidentKinds } from './incident-kinds.ts';
import { complaintRow, entityRow } from './market-records.ts';
import { residentId } from './people.ts';
import { spokenAddress, standardAddress } from './places.ts';
import { Random } from './random.ts';
import { showcase } from './showcase.ts';
import { showcaseAddress, showcaseEstate, showcasePlace, showcaseWithin } from './showcase-ticket.ts';
import type { SourceFile } from './source-file.ts';
import type { gridSystem } from './systems/grid.ts';
import type { housingSystem } from './systems/housing.ts';
import type { marketSystem } from './systems/market.ts';

export function showcasePoliceFiles(joinSecret: Buffer): readonly PoliceFile[] {
  const [noise, neighbours] = incidentKinds;
  if (noise === undefined || neighbours === undefined) throw new Error('the police have no kinds of incidents');
  const { incidents, nearMisses, reporterName, reporterPhone } = showcase;
  const nextDoor = { ...showcasePlace, number: showcasePlace.number + 1 };
  const elsewhere = { ...showcasePlace, road: '安澜路', number: 86 };
  const stranger = { name: '谢文博', phone: '13600590840' };
  const caller = { name: reporterName, phone: reporterPhone };
  const at = { place: showcasePlace, within: showcaseWithin, standardAddress: showcaseAddress };
  const away = { place: elsewhere, within: '', standardAddress: standardAddress(elsewhere) };
  const make = (
    facts: Omit<IncidentFacts, 'called' | 'divertedTo'> & { at: string; divertedTo?: string },
  ): PoliceFile => {
    const { at: called, divertedTo = null, ...rest } = facts;
    const known = { ...rest, called: wallTime(called), divertedTo, complete: true } as const;
    return policeFile(known, joinSecret, new Random('showcase', facts.no));
  };
  return [
    make({
      no: incidents.byNumber,
      link: 'DIVERTED',
      at: '2026-11-05T09:48:00',
      ...caller,
      ...at,
      kind: neighbours,
      narrative: `报警人${reporterName}称因楼道堆物与物业保安争执，属非警务类，转12345办理`,
      divertedTo: showcase.ticketNo,
    }),
    make({
      no: incidents.byCaller,
      link: 'SAME_CALLER',
      at: '2026-11-03T22:31:00',
      ...caller,
      ...away,
      kind: noise,
      narrative: '报警人称楼下商铺音响过大，劝说无果',
    }),
    make({
      no: incidents.byAddress,
      link: 'SAME_ADDRESS',
      at: '2026-10-20T23:05:00',
      ...stranger,
      ...at,
      kind: noise,
      narrative: '报警人称楼上深夜吵闹，影响休息',
    }),
    make({
      no: nearMisses.callerSixtyDaysBefore,
      link: 'CALLER_LONG_BEFORE',
      at: '2026-09-06T10:12:30',
      ...caller,
      ...away,
      kind: neighbours,
      narrative: '因楼道堆物与邻居发生口角，要求民警到场',
    }),
    make({
      no: nearMisses.nextDoor,
      link: 'NEXT_DOOR',
      at: '2026-11-02T20:15:00',
      ...stranger,
      place: nextDoor,
      within: showcaseWithin,
      standardAddress: standardAddress(nextDoor, showcaseWithin),
      kind: neighbours,
      narrative: '因漏水赔偿问题与邻居发生争吵',
    }),
    make({
      no: nearMisses.numberOffByOne,
      link: 'NUMBER_OFF_BY_ONE',
      at: '2026-11-04T18:40:00',
      name: '潘启航',
      phone: `${reporterPhone.slice(0, -1)}8`,
      ...away,
      kind: noise,
      narrative: '报警人称隔壁装修到深夜',
    }),
    make({
      no: nearMisses.confidential,
      link: 'CONFIDENTIAL',
      at: '2026-11-04T08:05:00',
      ...caller,
      ...away,
      kind: neighbours,
      narrative: '涉密警情，内容略',
    }),
  ];
}

export function writeShowcaseGrid(file: SourceFile<(typeof gridSystem)['tables']>): void {
  const random = new Random('showcase', 'grid');
  const about = { place: showcasePlace, major: '物业管理', minor: '服务质量' };
  // Nothing is left out by chance.
  const shown = { sjdz: spokenAddress(showcasePlace), zps: 3 };
  file.insert('wg_event', {
    ...gridEvent(
      {
        ...about,
        no: showcase.events.linked,
        reported: wallTime('2026-11-05T14:12:00'),
        closed: wallTime('2026-11-05T16:30:00'),
        description: `${showcaseEstate}楼道堆物，请到场核实`,
        name: showcase.reporterName,
        phone: showcase.reporterPhone,
        ticketNo: showcase.ticketNo,
      },
      random,
    ),
    ...shown,
  });
  file.insert('wg_event', {
    ...gridEvent(
      {
        ...about,
        no: showcase.events.open,
        reported: wallTime('2026-11-14T09:02:00'),
        closed: null,
        description: '巡查发现楼道堆放杂物，已通知物业',
        name: null,
        phone: null,
        ticketNo: null,
      },
      random,
    ),
    ...shown,
  });
}

export function writeShowcaseMarket(file: SourceFile<(typeof marketSystem)['tables']>): void {
  const random = new Random('showcase', 'market');
  const firm = propertyCompany();
  const snack: Company = {
    ...firm,
    uscc: showcase.reportedUscc,
    name: '鼓楼区榕味轩小吃店',
    trade: snackTrade,
    registrationNo: '350102699999902',
    legalRepresentative: '何俊杰',
    capital: 5,
    place: { ...showcasePlace, road: '安澜路', number: 30 },
    standardAddress: standardAddress({ ...showcasePlace, road: '安澜路', number: 30 }),
  };
  const twin: Company = {
    ...firm,
    uscc: showcase.nearMisses.swappedUscc,
    name: '福州闽城物业管理有限公司',
    registrationNo: '350102199999903',
    legalRepresentative: '游清源',
    place: { ...showcasePlace, road: '青松路', number: 210 },
    standardAddress: standardAddress({ ...showcasePlace, road: '青松路', number: 210 }),
  };
  for (const one of [firm, snack, twin])
    file.insert('E_BASEINFO', { ...entityRow(one, random), DOM_STD: one.standardAddress });
  file.insert('E_LICENCE', {
    LICNO: 'YZ999999991',
    UNISCID: firm.uscc,
    LICNAME_CN: '营业执照',
    ISSDATE: '2012/3/9',
    VALTO: '2042/3/8',
    LICANTH: '鼓楼区市场监督管理局',
  });
  const fined = { UNISCID: firm.uscc, PENTYPE: '2', JUDAUTH_CN: '鼓楼区市场监督管理局' };
  file.insert('E_PUNISH', {
    ...fined,
    PENDECNO: '鼓市监罚〔2025〕99001号',
    PENBASIS: '《中华人民共和国价格法》第四十条',
    PENAM: '20000.00',
    PENDECISSDATE: '2025/4/8',
  });
  file.insert('E_PUNISH', {
    ...fined,
    PENDECNO: '鼓市监罚〔2026〕99002号',
    PENBASIS: '《明码标价和禁止价格欺诈规定》第二十一条',
    PENAM: '3500.50',
    PENDECISSDATE: '2026/6/12',
  });
  file.insert('E_ABNORMITY', {
    ABNID: 'YC999999901',
    UNISCID: firm.uscc,
    SPECAUSE_CN: '未按规定期限公示年度报告',
    ABNTIME: '2026/7/6',
    REMDATE: '',
    DECORG_CN: '鼓楼区市场监督管理局',
  });
  const registered = wallTime('2026-10-28T09:32:09');
  const by = { name: '董佳慧', phone: '13500590951', content: '停车费未公示，收费后不开发票。' };
  file.insert('C_COMPLAINT', complaintRow(firm.uscc, 'TS9900000001', registered, by, random));
}

export function writeShowcaseHousing(file: SourceFile<(typeof housingSystem)['tables']>): void {
  const random = new Random('showcase', 'housing');
  const home = house('501', showcase.houseCode, 999_999_90);
  const neighbour = house('502', showcase.nearMisses.neighbourHouse, 999_999_91);
  file.insert('FW_WYQY', { ...propertyCompanyRow(propertyCompany(), [showcaseEstate], random), LXR: '廖振兴' });
  file.insert('FW_JBXX', houseRow(home, showcase.uscc));
  file.insert('FW_JBXX', houseRow({ ...neighbour, danger: null }, showcase.uscc));
  file.insert('WXZJ_ZH', {
    BDCDYH: home.code,
    ZJZH: '3501990000000501',
    YE_FEN: 1_823_405,
    GXSJ: '2026-10-31 17:00:00',
  });
  file.insert('ZL_BA', { ...leaseRow(home, 0, random), ZQQ: '20260301', ZQZ: '20270228', YZJ: '2800.50' });
  file.insert('FW_WFJD', appraisalRow(home, 'C', random));
}

function propertyCompany(): Company {
  return {
    uscc: showcase.uscc,
    name: '福州榕荫物业管理有限公司',
    trade: propertyTrade,
    registrationNo: '350102199999901',
    legalRepresentative: '郭嘉诚',
    phone: '0591-87990517',
    capital: 500.5,
    established: wallTime('2012-03-09'),
    termEnd: wallTime('2042-03-08'),
    state: 'IN_BUSINESS',
    place: { ...showcasePlace, road: '湖滨路', number: 5 },
    standardAddress: standardAddress({ ...showcasePlace, road: '湖滨路', number: 5 }),
  };
}

function house(room: string, code: string, index: number): House {
  const within = showcaseWithin.replace('501', room);
  return {
    index,
    code,
    estate: {
      index: 99_999,
      name: showcaseEstate,
      place: showcasePlace,
      builtYear: 1996,
      structure: 'MIXED',
      companyIndex: null,
    },
    building: 3,
    unit: 2,
    room,
    address: spokenAddress(showcasePlace, within),
    standardAddress: standardAddress(showcasePlace, within),
    floorArea: 8_845,
    dwelling: true,
    danger: 'C',
    ownerName: '卢秀兰',
    ownerIdNumber: residentId(new Random('showcase', 'owner', room)),
  };
}

const propertyTrade: Trade = {
  weight: 0,
  suffix: '物业管理有限公司',
  entityType: '有限责任公司(自然人投资或控股)',
  scope: '物业管理；停车场服务；园林绿化工程施工。',
};

const snackTrade: Trade = { weight: 0, suffix: '小吃店', entityType: '个体工商户', scope: '小餐饮；饮料零售。' };

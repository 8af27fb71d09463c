import { asOf } from './arrivals.ts';
import { DAY, compactDate, spaced, wallTime } from './clock.ts';
import { company, type Company } from './companies.ts';
import { estate, house, type DangerGrade, type House, type Structure } from './houses.ts';
import { mobile, personName, typedNumber } from './people.ts';
import { Random } from './random.ts';
import type { SourceFile } from './source-file.ts';
import type {
  AppraisalRow,
  FundRow,
  HouseRow,
  housingSystem,
  LeaseRow,
  PropertyCompanyRow,
} from './systems/housing.ts';
import type { World } from './world.ts';

type HousingFile = SourceFile<(typeof housingSystem)['tables']>;

/** The property company of this index; the market registry knows it under the same code. */
export function writePropertyCompany(world: World, index: number, file: HousingFile): void {
  const random = new Random(world.seed, 'property-company', index);
  const estates: string[] = [];
  for (let e = index; e < world.estates; e += world.propertyCompanies) {
    const home = estate(world, e);
    if (home.companyIndex !== null) estates.push(home.name);
  }
  file.insert('FW_WYQY', propertyCompanyRow(company(world, index), estates, random));
}

/** The house of this index with its fund, leases and appraisal. */
export function writeHouse(world: World, index: number, file: HousingFile): void {
  const random = new Random(world.seed, 'house-records', index);
  const home = house(world, index);
  const manager = home.estate.companyIndex === null ? null : company(world, home.estate.companyIndex);
  file.insert('FW_JBXX', houseRow(home, manager?.uscc ?? null));
  if (home.estate.builtYear > 1994 && random.chance(0.85)) file.insert('WXZJ_ZH', fundRow(home, random));
  const leases = random.chance(0.18) ? random.between(1, 2) : 0;
  for (let i = 0; i < leases; i++) file.insert('ZL_BA', leaseRow(home, i, random));
  if (home.danger !== null) file.insert('FW_WFJD', appraisalRow(home, home.danger, random));
}

export function houseRow(home: House, managerUscc: string | null): HouseRow {
  return {
    BDCDYH: home.code,
    XQMC: home.estate.name,
    ZH: `${home.building}幢`,
    DYH: `${home.unit}单元`,
    SH: home.room,
    FWZL: home.address,
    BZDZ: home.standardAddress,
    XZQHDM: home.estate.place.community.code,
    JZMJ: home.floorArea / 100,
    TNMJ: home.floorArea % 7 === 0 ? null : Math.round(home.floorArea * 0.82) / 100,
    FWJG: structureCodes[home.estate.structure],
    FWYT: home.dwelling ? '10' : '31',
    JCNF: home.estate.builtYear,
    WXDJ: home.danger === null ? null : gradeCodes[home.danger],
    QLRXM: home.ownerName,
    QLRZJH: home.ownerIdNumber,
    WYXYDM: managerUscc,
  };
}

export function propertyCompanyRow(firm: Company, estates: readonly string[], random: Random): PropertyCompanyRow {
  return {
    XYDM: firm.uscc,
    QYMC: firm.name,
    LXR: random.chance(0.9) ? personName(random) : '',
    LXDH: typedNumber(firm.phone, random),
    FWXQ: estates.join('、'),
  };
}

function fundRow(home: House, random: Random): FundRow {
  return {
    BDCDYH: home.code,
    ZJZH: `3501${random.digits(12)}`,
    YE_FEN: random.chance(0.97) ? random.between(0, 3_000_000) : null,
    GXSJ: spaced(asOf - random.between(1, 400) * DAY),
  };
}

export function leaseRow(home: House, serial: number, random: Random): LeaseRow {
  const from = wallTime('2024-01-01') + random.between(0, 1_000) * DAY;
  return {
    BABH: `ZL${home.code.slice(0, 6)}${String(home.index * 2 + serial).padStart(8, '0')}`,
    BDCDYH: home.code,
    CZR: home.ownerName,
    CHZR: personName(random),
    CHZRDH: typedNumber(mobile(random), random),
    ZQQ: compactDate(from),
    ZQZ: random.chance(0.95) ? compactDate(from + random.pick([180, 365, 730]) * DAY) : '',
    YZJ: `${random.between(8, 90) * 100}${random.pick(['', '.00', '.50'])}`,
  };
}

export function appraisalRow(home: House, grade: DangerGrade, random: Random): AppraisalRow {
  return {
    JDBH: `JD${String(home.index).padStart(9, '0')}`,
    BDCDYH: home.code,
    JDDJ: gradeCodes[grade],
    JDRQ: compactDate(wallTime('2021-01-01') + random.between(0, 2_000) * DAY),
    CZCS: measures[grade],
  };
}

const structureCodes: Readonly<Record<Structure, string>> = { STEEL_CONCRETE: '3', MIXED: '4', BRICK_WOOD: '5' };
const gradeCodes: Readonly<Record<DangerGrade, number>> = { A: 1, B: 2, C: 3, D: 4 };

const measures: Readonly<Record<DangerGrade, string>> = {
  A: '正常使用',
  B: '观察使用',
  C: '处理使用，限期加固',
  D: '停止使用，人员撤离',
};

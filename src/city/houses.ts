import { company, type Company } from './companies.ts';
import { personName, residentId } from './people.ts';
import { anyPlace, spokenAddress, standardAddress, type Place } from './places.ts';
import { Random } from './random.ts';
import { HOUSES_PER_ESTATE, type World } from './world.ts';

interface Estate {
  readonly index: number;
  readonly name: string;
  readonly place: Place;
  readonly builtYear: number;
  readonly structure: Structure;
  /** Index of the company that manages it; null where the residents do so themselves. */
  readonly companyIndex: number | null;
}

export type Structure = 'STEEL_CONCRETE' | 'MIXED' | 'BRICK_WOOD';
export type DangerGrade = 'A' | 'B' | 'C' | 'D';

export interface House {
  readonly index: number;
  /** 不动产单元号, 28 characters: 宗地 19, F and eight digits for the room. */
  readonly code: string;
  readonly estate: Estate;
  readonly building: number;
  readonly unit: number;
  readonly room: string;
  readonly address: string;
  readonly standardAddress: string;
  /** In hundredths of a square metre. */
  readonly floorArea: number;
  readonly dwelling: boolean;
  /** Null for a house that nobody has appraised. */
  readonly danger: DangerGrade | null;
  readonly ownerName: string;
  readonly ownerIdNumber: string | null;
}

export function estate(world: World, index: number): Estate {
  const random = new Random(world.seed, 'estate', index);
  const place = anyPlace(random);
  const builtYear = random.between(1982, 2022);
  const managed = random.chance(0.9);
  return {
    index,
    name: `${random.pick(estateFirst)}${random.pick(estateSecond)}`,
    place,
    builtYear,
    structure: builtYear > 1998 ? 'STEEL_CONCRETE' : random.chance(0.8) ? 'MIXED' : 'BRICK_WOOD',
    companyIndex: managed ? index % world.propertyCompanies : null,
  };
}

/** The house of this index: estates hold equally many, in three buildings of two units. */
export function house(world: World, index: number): House {
  const random = new Random(world.seed, 'house', index);
  const home = estate(world, Math.floor(index / HOUSES_PER_ESTATE));
  const inEstate = index % HOUSES_PER_ESTATE;
  const building = 1 + Math.floor(inEstate / 20);
  const unit = 1 + (Math.floor(inEstate / 10) % 2);
  const floor = 1 + (Math.floor(inEstate / 2) % 5);
  const room = `${floor}0${1 + (inEstate % 2)}`;
  const within = houseWithin(home.name, building, unit, room);
  return {
    index,
    code: houseCode(home.place.community.street.code, home.index, building, unit, room),
    estate: home,
    building,
    unit,
    room,
    address: spokenAddress(home.place, within),
    standardAddress: standardAddress(home.place, within),
    floorArea: random.between(3_800, 16_000),
    dwelling: floor > 1 || random.chance(0.6),
    danger: dangerOf(home, random),
    ownerName: personName(random),
    ownerIdNumber: random.chance(0.93) ? residentId(random) : null,
  };
}

export function houseWithin(estateName: string, building: number, unit: number, room: string): string {
  return `${estateName}${building}幢${unit}单元${room}室`;
}

/** `350102001003GB00012F01020501` */
export function houseCode(street: string, estateIndex: number, building: number, unit: number, room: string): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${street}003GB${String(estateIndex).padStart(5, '0')}F${two(building)}${two(unit)}${room.padStart(4, '0')}`;
}

export function managedBy(world: World, home: Estate): Company | null {
  return home.companyIndex === null ? null : company(world, home.companyIndex);
}

/** Old houses are appraised, and some of them fail. */
function dangerOf(home: Estate, random: Random): DangerGrade | null {
  if (home.builtYear >= 2000 || !random.chance(0.3)) return null;
  const grade = random.next();
  if (grade < 0.4) return 'A';
  if (grade < 0.75) return 'B';
  return grade < 0.93 ? 'C' : 'D';
}

const estateFirst = [
  '榕城',
  '左海',
  '闽江',
  '茉莉',
  '翠湖',
  '锦江',
  '东湖',
  '金榕',
  '滨江',
  '鹭洲',
  '学府',
  '云山',
  '丽景',
  '福源',
  '桂湖',
  '香榭',
];
const estateSecond = ['花园', '新村', '家园', '名苑', '雅居', '豪庭', '公寓', '小区', '华庭', '佳园', '广场', '新城'];

import { areas, city, type Area, type Street } from './divisions.ts';
import { communityStems, roadKinds, roadStems } from './place-names.ts';
import type { Random } from './random.ts';

export interface Community {
  /** Twelve digits: the street's nine and a sequence. */
  readonly code: string;
  readonly name: string;
  readonly street: Street;
  readonly area: Area;
  readonly grids: readonly GridPlace[];
  readonly longitude: number;
  readonly latitude: number;
}

export interface GridPlace {
  /** Opaque to everybody but the grid system: `350102001003-G07`. */
  readonly code: string;
  readonly name: string;
  /** 单元网格: the community's code and a sequence of three digits. */
  readonly cells: readonly string[];
}

/** Where something lies, down to the house number. */
export interface Place {
  readonly community: Community;
  readonly grid: GridPlace;
  readonly road: string;
  readonly number: number;
  readonly longitude: number;
  readonly latitude: number;
}

const GRIDS_PER_COMMUNITY = 3;
const CELLS_PER_GRID = 2;

/** Every community of the city. The divisions are real down to the street, the communities are made up. */
export const communities: readonly Community[] = areas.flatMap((area) =>
  area.streets.flatMap((street) => communitiesOf(area, street)),
);

const byArea = areas.map((area) => ({ weight: area.weight, list: communities.filter((c) => c.area === area) }));

/** A place in the city, more often where more people live. */
export function anyPlace(random: Random): Place {
  return placeIn(random.pick(random.weighted(byArea).list), random);
}

function placeIn(community: Community, random: Random): Place {
  return {
    community,
    grid: random.pick(community.grids),
    road: `${random.pick(roadStems)}${random.pick(roadKinds)}`,
    number: random.between(2, 388),
    longitude: jitter(community.longitude, random),
    latitude: jitter(community.latitude, random),
  };
}

/** The address that all agencies' address services agree on; `within` names building, unit and room. */
export function standardAddress(place: Place, within = ''): string {
  const { area, street, name } = place.community;
  return `${city.province}${city.name}${area.name}${street.name}${name}${place.road}${place.number}号${within}`;
}

/** The address as people say it. */
export function spokenAddress(place: Place, within = ''): string {
  return `${place.community.area.name}${place.road}${place.number}号${within}`;
}

function communitiesOf(area: Area, street: Street): readonly Community[] {
  const urban = street.name.endsWith('街道');
  const count = urban ? 4 : street.name.endsWith('镇') ? 3 : 2;
  const offset = Number(street.code.slice(6)) * 7;
  return Array.from({ length: count }, (_, i) => {
    const code = `${street.code}${String((urban ? 1 : 200) + i).padStart(3, '0')}`;
    const name = `${communityStems[(offset + i * 5) % communityStems.length]}${urban ? '社区' : '村'}`;
    const grids = Array.from({ length: GRIDS_PER_COMMUNITY }, (_, g) =>
      gridOf(code, name, i * GRIDS_PER_COMMUNITY + g + 1, g),
    );
    const spread = urban ? 0.012 : 0.06;
    const angle = offset + i * 1.7;
    return {
      code,
      name,
      street,
      area,
      grids,
      longitude: area.longitude + Math.cos(angle) * spread,
      latitude: area.latitude + Math.sin(angle) * spread,
    };
  });
}

/** Grids are numbered over their street, so that a number is not unique in the city and the code is needed. */
function gridOf(communityCode: string, communityName: string, inStreet: number, inCommunity: number): GridPlace {
  const number = String(inStreet).padStart(2, '0');
  const cells = Array.from({ length: CELLS_PER_GRID }, (_, c) => {
    const sequence = inCommunity * CELLS_PER_GRID + c + 1;
    return `${communityCode}${String(sequence).padStart(3, '0')}`;
  });
  return { code: `${communityCode}-G${number}`, name: `${communityName}第${number}网格`, cells };
}

function jitter(degrees: number, random: Random): number {
  return Math.round((degrees + (random.next() - 0.5) * 0.008) * 1e6) / 1e6;
}

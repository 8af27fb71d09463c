import { DAY, compactDate, wallTime } from './clock.ts';
import { company } from './companies.ts';
import { personName, mobile } from './people.ts';
import { communities, type Community, type GridPlace } from './places.ts';
import { Random } from './random.ts';
import type { SourceFile } from './source-file.ts';
import type { gridSystem, GridRow, GridWorkerRow } from './systems/grid.ts';
import type { World } from './world.ts';

/** Every grid of the city with its cells, components and workers. */
export function writeGrids(world: World, file: SourceFile<(typeof gridSystem)['tables']>): void {
  for (const community of communities) for (const grid of community.grids) writeGrid(world, community, grid, file);
}

/** Number of a grid's first worker, who exists in every grid. */
function firstWorkerNo(gridCode: string): string {
  return `${gridCode.replace('-G', 'W')}01`;
}

function writeGrid(
  world: World,
  community: Community,
  grid: GridPlace,
  file: SourceFile<(typeof gridSystem)['tables']>,
): void {
  const random = new Random(world.seed, 'grid', grid.code);
  file.insert('wg_info', gridRow(community, grid, random));
  const workers = random.chance(0.4) ? 2 : 1;
  for (let i = 0; i < workers; i++) file.insert('wg_member', workerRow(grid, i, random));
  for (const cell of grid.cells) {
    file.insert('wg_cell', { dywgbm: cell, wgbm: grid.code, mj: random.between(60_000, 420_000) / 10 });
    const parts = random.between(1, 3);
    for (let i = 0; i < parts; i++) {
      const kind = random.weighted(componentKinds);
      const owned = random.chance(0.7);
      file.insert('wg_part', {
        bjbm: componentCode(cell, kind.code, i),
        dywgbm: cell,
        bjlb: kind.name,
        qsdw_xydm: owned ? company(world, random.between(0, world.companies - 1)).uscc : null,
        bjzt: random.weighted(componentStates).code,
        pcrq: random.chance(0.95) ? compactDate(wallTime('2023-03-01') + random.between(0, 900) * DAY) : '',
        x: near(community.longitude, random),
        y: near(community.latitude, random),
        zbx: random.chance(0.9) ? 'C2000' : 'GCJ',
      });
    }
  }
}

function gridRow(community: Community, grid: GridPlace, random: Random): GridRow {
  return {
    wgbm: grid.code,
    wgmc: grid.name,
    sqbm: community.code,
    jdmc: community.street.name,
    sqmc: community.name,
    hs: random.chance(0.97) ? random.between(180, 620) : null,
  };
}

function workerRow(grid: GridPlace, index: number, random: Random): GridWorkerRow {
  return {
    ygbh: firstWorkerNo(grid.code).slice(0, -1) + String(index + 1),
    wgbm: grid.code,
    xm: personName(random),
    lxdh: mobile(random),
    zgzt: index === 0 || random.chance(0.8) ? '在岗' : '离岗',
  };
}

/** 部件编码 of 16 digits: the community's area and street, the class, and a number that is unique in the city. */
function componentCode(cell: string, kind: string, index: number): string {
  // The cell's fifteen digits less the leading 35, which every code of the province shares.
  return `${kind}${cell.slice(2)}${index}`;
}

function near(degrees: number, random: Random): number {
  return Math.round(degrees * 1e6 + random.between(-3_000, 3_000)) / 1e6;
}

const componentKinds = [
  { weight: 30, code: '01', name: '井盖' },
  { weight: 30, code: '02', name: '路灯' },
  { weight: 15, code: '03', name: '垃圾箱' },
  { weight: 15, code: '04', name: '行道树' },
  { weight: 10, code: '05', name: '消火栓' },
];

const componentStates = [
  { weight: 85, code: 0 },
  { weight: 8, code: 1 },
  { weight: 3, code: 2 },
  { weight: 2, code: 3 },
  { weight: 2, code: 4 },
];

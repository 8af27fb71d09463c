import type { RowOf, SourceSystem } from '../source-file.ts';

/**
 * 网格化平台: `sbsj` and `gxsj` are `yyyy-MM-dd HH:mm:ss`; the other times of an event come from the field app and are
 * `yyyy/M/d H:mm:ss` without leading zeros, as do those of a ticket's receipt (`wg_receipt`). States are numbers, surveys are dated `yyyyMMdd`.
 */
const tables = {
  wg_info: {
    wgbm: 'TEXT PRIMARY KEY',
    wgmc: 'TEXT',
    sqbm: 'TEXT',
    jdmc: 'TEXT',
    sqmc: 'TEXT',
    hs: 'INTEGER',
  },
  wg_cell: {
    dywgbm: 'TEXT PRIMARY KEY',
    wgbm: 'TEXT NOT NULL',
    mj: 'REAL',
  },
  wg_part: {
    bjbm: 'TEXT PRIMARY KEY',
    dywgbm: 'TEXT NOT NULL',
    bjlb: 'TEXT',
    qsdw_xydm: 'TEXT',
    bjzt: 'INTEGER',
    pcrq: 'TEXT',
    x: 'REAL',
    y: 'REAL',
    zbx: 'TEXT',
  },
  wg_member: {
    ygbh: 'TEXT PRIMARY KEY',
    wgbm: 'TEXT NOT NULL',
    xm: 'TEXT',
    lxdh: 'TEXT',
    zgzt: 'TEXT',
  },
  wg_event: {
    sjbh: 'TEXT PRIMARY KEY',
    sjdl: 'TEXT',
    sjxl: 'TEXT',
    wgbm: 'TEXT NOT NULL',
    sqbm: 'TEXT',
    sjzt: 'INTEGER NOT NULL',
    sjdz: 'TEXT',
    sjms: 'TEXT',
    sbrxm: 'TEXT',
    sbrdh: 'TEXT',
    zps: 'INTEGER',
    sbsj: 'TEXT NOT NULL',
    hssj: 'TEXT',
    pqsj: 'TEXT',
    czsx: 'TEXT',
    jasj: 'TEXT',
    gxsj: 'TEXT NOT NULL',
    glgdbh: 'TEXT',
  },
  wg_receipt: {
    jsbh: 'TEXT PRIMARY KEY',
    gdbh: 'TEXT NOT NULL',
    ajbh: 'TEXT',
    lydw: 'TEXT',
    jssj: 'TEXT',
    dfsj: 'TEXT',
  },
} as const;

export const gridSystem: SourceSystem<typeof tables> = {
  agency: 'grid',
  tables,
  indexes: [
    'CREATE INDEX wg_cell_wgbm ON wg_cell (wgbm, dywgbm)',
    'CREATE INDEX wg_part_dywgbm ON wg_part (dywgbm, bjbm)',
    'CREATE INDEX wg_member_wgbm ON wg_member (wgbm, ygbh)',
    'CREATE INDEX wg_event_wgbm ON wg_event (wgbm, sbsj, sjbh)',
    'CREATE INDEX wg_event_gxsj ON wg_event (gxsj, sjbh)',
    'CREATE INDEX wg_event_wg_gxsj ON wg_event (wgbm, gxsj, sjbh)',
    'CREATE INDEX wg_receipt_gdbh ON wg_receipt (gdbh, jsbh)',
    'CREATE INDEX wg_event_glgdbh ON wg_event (glgdbh)',
  ],
};

export type GridRow = RowOf<(typeof tables)['wg_info']>;
export type GridEventRow = RowOf<(typeof tables)['wg_event']>;
export type GridWorkerRow = RowOf<(typeof tables)['wg_member']>;

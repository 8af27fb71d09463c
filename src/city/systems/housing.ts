import type { RowOf, SourceSystem } from '../source-file.ts';

/**
 * 房屋信息库, of four vendors: the house register (`FW_`), the fund bank's extract (`WXZJ_`, balances in fen, times as
 * `yyyy-MM-dd HH:mm:ss`) and the lease desk (`ZL_`, dates as `yyyyMMdd`)
 * and the desk that takes tickets in (`GD_`). Structures and uses are coded as in the
 * house survey; the danger grade is a number.
 */
const tables = {
  FW_JBXX: {
    BDCDYH: 'TEXT PRIMARY KEY',
    XQMC: 'TEXT',
    ZH: 'TEXT',
    DYH: 'TEXT',
    SH: 'TEXT',
    FWZL: 'TEXT',
    BZDZ: 'TEXT',
    XZQHDM: 'TEXT',
    JZMJ: 'REAL',
    TNMJ: 'REAL',
    FWJG: 'TEXT',
    FWYT: 'TEXT',
    JCNF: 'INTEGER',
    WXDJ: 'INTEGER',
    QLRXM: 'TEXT',
    QLRZJH: 'TEXT',
    WYXYDM: 'TEXT',
  },
  FW_WYQY: {
    XYDM: 'TEXT PRIMARY KEY',
    QYMC: 'TEXT',
    LXR: 'TEXT',
    LXDH: 'TEXT',
    FWXQ: 'TEXT',
  },
  FW_WFJD: {
    JDBH: 'TEXT PRIMARY KEY',
    BDCDYH: 'TEXT NOT NULL',
    JDDJ: 'INTEGER',
    JDRQ: 'TEXT',
    CZCS: 'TEXT',
  },
  WXZJ_ZH: {
    BDCDYH: 'TEXT PRIMARY KEY',
    ZJZH: 'TEXT',
    YE_FEN: 'INTEGER',
    GXSJ: 'TEXT',
  },
  ZL_BA: {
    BABH: 'TEXT PRIMARY KEY',
    BDCDYH: 'TEXT NOT NULL',
    CZR: 'TEXT',
    CHZR: 'TEXT',
    CHZRDH: 'TEXT',
    ZQQ: 'TEXT',
    ZQZ: 'TEXT',
    YZJ: 'TEXT',
  },
  GD_JS: {
    JSBH: 'TEXT PRIMARY KEY',
    GDBH: 'TEXT NOT NULL',
    AJBH: 'TEXT',
    LYDW: 'TEXT',
    JSSJ: 'TEXT',
    DFSJ: 'TEXT',
  },
} as const;

export const housingSystem: SourceSystem<typeof tables> = {
  agency: 'housing',
  tables,
  indexes: [
    'CREATE INDEX FW_JBXX_BZDZ ON FW_JBXX (BZDZ)',
    'CREATE INDEX FW_JBXX_WYXYDM ON FW_JBXX (WYXYDM)',
    'CREATE INDEX FW_WFJD_BDCDYH ON FW_WFJD (BDCDYH, JDBH)',
    'CREATE INDEX GD_JS_GDBH ON GD_JS (GDBH, JSBH)',
    'CREATE INDEX ZL_BA_BDCDYH ON ZL_BA (BDCDYH, BABH)',
  ],
};

export type HouseRow = RowOf<(typeof tables)['FW_JBXX']>;
export type PropertyCompanyRow = RowOf<(typeof tables)['FW_WYQY']>;
export type FundRow = RowOf<(typeof tables)['WXZJ_ZH']>;
export type LeaseRow = RowOf<(typeof tables)['ZL_BA']>;
export type AppraisalRow = RowOf<(typeof tables)['FW_WFJD']>;

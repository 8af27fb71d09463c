import type { RowOf, SourceSystem } from '../source-file.ts';

/**
 * 接处警系统: pinyin column names, numeric codes as text, times as 14 digits without a zone. `BJDH` is what the desk
 * typed; `BJDH_ZY` is the keyed digest that the police make of it for the hub. Coordinates came with the old map.
 */
const tables = {
  JJD: {
    JJDBH: 'TEXT PRIMARY KEY',
    BJSJ: 'TEXT NOT NULL',
    JJSJ: 'TEXT',
    BJJSSJ: 'TEXT',
    BJRXM: 'TEXT',
    BJDH: 'TEXT',
    BJDH_ZY: 'TEXT',
    BJRDZ: 'TEXT',
    AFDZ: 'TEXT',
    BZDZ: 'TEXT',
    BJNR: 'TEXT',
    GXDWDM: 'TEXT',
    GXDWMC: 'TEXT',
    XZQHDM: 'TEXT',
    JQLBDM: 'TEXT',
    JQLB1: 'TEXT',
    JQLB2: 'TEXT',
    JQLB3: 'TEXT',
    JQLB4: 'TEXT',
    JQDJ: 'TEXT',
    JQZT: 'TEXT',
    SFBM: 'TEXT NOT NULL',
    FJW: 'TEXT NOT NULL',
    ZWGDBH: 'TEXT',
    ZDDWXZB: 'TEXT',
    ZDDWYZB: 'TEXT',
    ZBXDM: 'TEXT',
  },
  CJD: {
    CJDBH: 'TEXT PRIMARY KEY',
    JJDBH: 'TEXT NOT NULL',
    CJDWMC: 'TEXT',
    PDSJ: 'TEXT',
    QSSJ: 'TEXT',
    DDXCSJ: 'TEXT',
    CJRY: 'TEXT',
  },
  FKD: {
    FKDBH: 'TEXT PRIMARY KEY',
    JJDBH: 'TEXT NOT NULL',
    FKSJ: 'TEXT',
    FKDWMC: 'TEXT',
    CLJG: 'TEXT',
    FKNR: 'TEXT',
  },
  DSR: {
    DSRBH: 'TEXT PRIMARY KEY',
    JJDBH: 'TEXT NOT NULL',
    XM: 'TEXT',
    ZJHM: 'TEXT',
    ZDRYLB: 'TEXT',
    MZDM: 'TEXT',
    ZZMM: 'TEXT',
  },
  ZWGD: {
    JSBH: 'TEXT PRIMARY KEY',
    ZWGDBH: 'TEXT NOT NULL',
    AJBH: 'TEXT',
    LYDW: 'TEXT',
    JSSJ: 'TEXT',
    DFSJ: 'TEXT',
  },
} as const;

export const policeSystem: SourceSystem<typeof tables> = {
  agency: 'police',
  tables,
  indexes: [
    'CREATE INDEX JJD_BJDH_ZY ON JJD (BJDH_ZY, BJSJ)',
    'CREATE INDEX JJD_BZDZ ON JJD (BZDZ, BJSJ)',
    'CREATE INDEX JJD_ZWGDBH ON JJD (ZWGDBH)',
    'CREATE INDEX JJD_BJSJ ON JJD (BJSJ, JJDBH)',
    'CREATE INDEX CJD_JJDBH ON CJD (JJDBH, CJDBH)',
    'CREATE INDEX FKD_JJDBH ON FKD (JJDBH, FKDBH)',
    'CREATE INDEX ZWGD_ZWGDBH ON ZWGD (ZWGDBH, JSBH)',
    'CREATE INDEX DSR_JJDBH ON DSR (JJDBH, DSRBH)',
  ],
};

export type IncidentRow = RowOf<(typeof tables)['JJD']>;
export type DispatchRow = RowOf<(typeof tables)['CJD']>;
export type FeedbackRow = RowOf<(typeof tables)['FKD']>;
export type InvolvedPartyRow = RowOf<(typeof tables)['DSR']>;

import type { RowOf, SourceSystem } from '../source-file.ts';

/**
 * 市场监管登记库: the wire names of the national registry. Dates are `yyyy/M/d` without leading zeros, capital is
 * counted in 万元, the state is Chinese text. Tickets come in by a platform of the nation's, whose times are UTC (`C_RECEIPT`).
 */
const tables = {
  E_BASEINFO: {
    UNISCID: 'TEXT PRIMARY KEY',
    ENTNAME: 'TEXT',
    REGNO: 'TEXT',
    ENTTYPE_CN: 'TEXT',
    NAME: 'TEXT',
    TEL: 'TEXT',
    REGCAP: 'REAL',
    ESTDATE: 'TEXT',
    OPSCOPE: 'TEXT',
    OPFROM: 'TEXT',
    OPTO: 'TEXT',
    REGORG_CN: 'TEXT',
    REGSTATE_CN: 'TEXT',
    DOM: 'TEXT',
    DOM_STD: 'TEXT',
    DOMDISTRICT: 'TEXT',
  },
  E_LICENCE: {
    LICNO: 'TEXT PRIMARY KEY',
    UNISCID: 'TEXT NOT NULL',
    LICNAME_CN: 'TEXT',
    ISSDATE: 'TEXT',
    VALTO: 'TEXT',
    LICANTH: 'TEXT',
  },
  E_PUNISH: {
    PENDECNO: 'TEXT PRIMARY KEY',
    UNISCID: 'TEXT NOT NULL',
    PENBASIS: 'TEXT',
    PENTYPE: 'TEXT',
    PENAM: 'TEXT',
    PENDECISSDATE: 'TEXT',
    JUDAUTH_CN: 'TEXT',
  },
  E_ABNORMITY: {
    ABNID: 'TEXT PRIMARY KEY',
    UNISCID: 'TEXT NOT NULL',
    SPECAUSE_CN: 'TEXT',
    ABNTIME: 'TEXT',
    REMDATE: 'TEXT',
    DECORG_CN: 'TEXT',
  },
  C_COMPLAINT: {
    TSBH: 'TEXT PRIMARY KEY',
    UNISCID: 'TEXT NOT NULL',
    TSRXM: 'TEXT',
    TSRDH: 'TEXT',
    TSNR: 'TEXT',
    DJSJ: 'TEXT',
    CLJG: 'TEXT',
  },
  C_RECEIPT: {
    JSBH: 'TEXT PRIMARY KEY',
    GDBH: 'TEXT NOT NULL',
    AJBH: 'TEXT',
    LYDW: 'TEXT',
    JSSJ: 'TEXT',
    DFSJ: 'TEXT',
  },
} as const;

export const marketSystem: SourceSystem<typeof tables> = {
  agency: 'market',
  tables,
  indexes: [
    'CREATE INDEX E_BASEINFO_DOM_STD ON E_BASEINFO (DOM_STD)',
    'CREATE INDEX E_LICENCE_UNISCID ON E_LICENCE (UNISCID, LICNO)',
    'CREATE INDEX E_PUNISH_UNISCID ON E_PUNISH (UNISCID, PENDECNO)',
    'CREATE INDEX E_ABNORMITY_UNISCID ON E_ABNORMITY (UNISCID, ABNID)',
    'CREATE INDEX C_RECEIPT_GDBH ON C_RECEIPT (GDBH, JSBH)',
    'CREATE INDEX C_COMPLAINT_UNISCID ON C_COMPLAINT (UNISCID, TSBH)',
  ],
};

export type EntityRow = RowOf<(typeof tables)['E_BASEINFO']>;
export type LicenceRow = RowOf<(typeof tables)['E_LICENCE']>;
export type PenaltyRow = RowOf<(typeof tables)['E_PUNISH']>;
export type ListingRow = RowOf<(typeof tables)['E_ABNORMITY']>;
export type ConsumerComplaintRow = RowOf<(typeof tables)['C_COMPLAINT']>;

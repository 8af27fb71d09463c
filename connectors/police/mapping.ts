import { codeTable, columnList, compactDateTime, decimal, flag, phone, text } from '../../src/connector/codings.ts';
import { column, type Mapping } from '../../src/connector/mapping.ts';
import type { DispatchRecord, IncidentFeedback, InvolvedParty, PoliceIncident, PoliceReceipt } from './records.ts';

const grades = codeTable({ '01': 'ONE', '02': 'TWO', '03': 'THREE', '04': 'FOUR' });

const states = codeTable({
  '10': 'RECEIVED',
  '20': 'DISPATCHED',
  '30': 'HANDLING',
  '40': 'FEEDBACK',
  '50': 'FINISHED',
  '60': 'DIVERTED',
});

const coordinateSystems = codeTable({ '1': 'CGCS2000', '2': 'WGS84', '3': 'GCJ02' });

/** 民族 (GB/T 3304), as far as the city's records use it. */
const ethnicities = codeTable({ '01': '汉族', '03': '回族', '15': '土家族', '22': '畲族', '08': '壮族', '06': '苗族' });

/** 政治面貌 (GB/T 4762), as far as the city's records use it. */
const politicalStatuses = codeTable({ '01': '中共党员', '03': '共青团员', '12': '无党派人士', '13': '群众' });

const oneIsYes = flag('1', '0');

export const policeIncident = {
  incidentNo: column('JJDBH', text),
  callTime: column('BJSJ', compactDateTime),
  receiveTime: column('JJSJ', compactDateTime),
  finishTime: column('BJJSSJ', compactDateTime),
  callerName: column('BJRXM', text),
  callerPhone: column('BJDH', phone),
  callerDigest: column('BJDH_ZY', text),
  callAddress: column('BJRDZ', text),
  incidentAddress: column('AFDZ', text),
  standardAddress: column('BZDZ', text),
  narrative: column('BJNR', text),
  jurisdictionUnit: column('GXDWDM', text),
  jurisdictionStation: column('GXDWMC', text),
  divisionCode: column('XZQHDM', text),
  categoryCode: column('JQLBDM', text),
  categoryPath: columnList(['JQLB1', 'JQLB2', 'JQLB3', 'JQLB4']),
  incidentGrade: column('JQDJ', grades),
  state: column('JQZT', states),
  confidential: column('SFBM', oneIsYes),
  nonPolice: column('FJW', oneIsYes),
  divertedTicketNo: column('ZWGDBH', text),
  longitude: column('ZDDWXZB', decimal),
  latitude: column('ZDDWYZB', decimal),
  crs: column('ZBXDM', coordinateSystems),
} satisfies Mapping<PoliceIncident>;

export const dispatchRecord = {
  dispatchNo: column('CJDBH', text),
  incidentNo: column('JJDBH', text),
  unit: column('CJDWMC', text),
  dispatchTime: column('PDSJ', compactDateTime),
  signTime: column('QSSJ', compactDateTime),
  arriveTime: column('DDXCSJ', compactDateTime),
  crew: column('CJRY', text),
} satisfies Mapping<DispatchRecord>;

export const incidentFeedback = {
  feedbackNo: column('FKDBH', text),
  incidentNo: column('JJDBH', text),
  feedbackTime: column('FKSJ', compactDateTime),
  unit: column('FKDWMC', text),
  outcome: column('CLJG', text),
  content: column('FKNR', text),
} satisfies Mapping<IncidentFeedback>;

export const involvedParty = {
  partyNo: column('DSRBH', text),
  incidentNo: column('JJDBH', text),
  name: column('XM', text),
  idNumber: column('ZJHM', text),
  keyPersonKind: column('ZDRYLB', text),
  ethnicity: column('MZDM', ethnicities),
  politicalStatus: column('ZZMM', politicalStatuses),
} satisfies Mapping<InvolvedParty>;

/** 来文单位, as the desk writes it. */
const givers = codeTable({ '12345': 'hotline', '110': 'police', 网格: 'grid', 市监: 'market', 住建: 'housing' });

export const policeReceipt = {
  receiptNo: column('JSBH', text),
  ticketNo: column('ZWGDBH', text),
  caseNo: column('AJBH', text),
  from: column('LYDW', givers),
  receivedAt: column('JSSJ', compactDateTime),
  answeredAt: column('DFSJ', compactDateTime),
} satisfies Mapping<PoliceReceipt>;

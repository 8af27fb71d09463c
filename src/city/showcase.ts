import { completeUscc } from '../codes/uscc.ts';
import { wallTime } from './clock.ts';
import { houseCode } from './houses.ts';

/**
 * Three tickets that every seeded city has, whatever its size and seed, with their joins and near misses: what
 * examples, tests and first steps point at.
 */
export const showcase = {
  /** A COMPLAINT about a property company, led by housing, confirmed co-handlers police and market, returned by grid. */
  ticketNo: '12345:2026110500000001',
  /** A REPORT (举报), handled by `market-inspection`. */
  reportTicketNo: '12345:2026110500000002',
  /** Closed; its reporter asked for secrecy. */
  confidentialTicketNo: '12345:2026110500000003',
  gridCode: '350102001003-G07',
  workerNo: '350102001003W0701',
  areaCode: '350102',
  leadUnit: 'housing-property',
  reportUnit: 'market-inspection',
  uscc: completeUscc('91350102', '15817042'),
  reportedUscc: completeUscc('92350102', '15826093'),
  houseCode: houseCode('350102001', 99_999, 3, 2, '501'),
  reporterName: '林晓晨',
  reporterPhone: '13800590517',
  /** Incidents that join the first ticket, by how they match. */
  incidents: {
    byNumber: 'JJ20261105990000001',
    byCaller: 'JJ20261103990000002',
    byAddress: 'JJ20261020990000003',
  },
  /** Records that look like matches and are none. The confidential incident matches by number, but is nobody's to see. */
  nearMisses: {
    callerSixtyDaysBefore: 'JJ20260906990000004',
    nextDoor: 'JJ20261102990000005',
    numberOffByOne: 'JJ20261104990000006',
    confidential: 'JJ20261104990000007',
    swappedUscc: completeUscc('91350102', '15187042'),
    neighbourHouse: houseCode('350102001', 99_999, 3, 2, '502'),
  },
  /** Events in the grid: the one that the first ticket was sent as, and one that is open. */
  events: { linked: 'WG9900000001', open: 'WG9900000002' },
} as const;

/** The showcase's tickets are the first of their day. */
export const showcaseDay = { date: '2026-11-05', taken: 3, from: wallTime('2026-11-05T10:20:00') } as const;

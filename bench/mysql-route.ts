import { formatDateTime, parseDateTime } from '../src/codes/date-time.ts';
import { phoneDigest } from '../src/connector/join-key.ts';
import mysql, { type Pool, type RowDataPacket } from 'mysql2/promise';

type Row = Readonly<Record<string, unknown>>;

/** A page of tickets before a time, as the JSON text of `{"data":…}`. */
export interface MysqlRoute {
  page(before: string): Promise<string>;
  close(): Promise<void>;
}

export interface MysqlRouteOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly joinSecret: Buffer;
  readonly onStatement?: () => void;
}

const day = 86_400_000;

const incidentStates: Readonly<Record<string, string>> = {
  '10': 'RECEIVED',
  '20': 'DISPATCHED',
  '30': 'HANDLING',
  '40': 'FEEDBACK',
  '50': 'FINISHED',
  '60': 'DIVERTED',
};
const entityStates: Readonly<Record<string, string>> = {
  '存续（在营、开业、在册）': 'IN_BUSINESS',
  '吊销，未注销': 'REVOKED',
  注销: 'DEREGISTERED',
  迁出: 'MOVED_OUT',
};
const penaltyKinds: Readonly<Record<string, string>> = {
  '1': '警告',
  '2': '罚款',
  '3': '没收违法所得',
  '4': '责令停产停业',
  '5': '吊销许可证件',
};

const incidentColumns = 'JJDBH, JQLB1, JQLB2, JQLB3, JQLB4, JQZT, BJSJ, BJDH_ZY, BZDZ';
const shownIncidents = "SFBM = '0' and FJW = '1'";

/**
 * The joined page of the benchmark as an engineer writes it by hand for this one question: prepared statements over a
 * pool, one a relation and kind of match, joined in maps. No gate, no schema, no report, no fault taken care of.
 */
export function openMysqlRoute({ joinSecret, onStatement, ...server }: MysqlRouteOptions): MysqlRoute {
  const pool: Pool = mysql.createPool({ ...server, charset: 'utf8mb4_general_ci', dateStrings: true });
  const query = async (sql: string, values: readonly (string | number)[]): Promise<readonly Row[]> => {
    onStatement?.();
    const [rows] = await pool.execute<RowDataPacket[]>(sql, [...values]);
    return rows;
  };
  const within = async (sql: (marks: string) => string, keys: ReadonlySet<string>, more: readonly string[] = []) =>
    keys.size === 0 ? [] : query(sql([...keys].map(() => '?').join(', ')), [...keys, ...more]);

  return {
    async page(before) {
      const tickets = await query(
        `select ticket_no, status, urgency, received_at, lead_agency, police_incident_no, reporter_phone, standard_address,
           grid_code, uscc, house_code
         from ticket
         where division_code >= '3501' and division_code < '3502' and received_at < ?
           and type in ('CONSULTATION', 'HELP_REQUEST', 'COMPLAINT', 'SUGGESTION', 'COMMENDATION')
         order by received_at desc, ticket_no desc limit 20`,
        [before],
      );
      const digests = tickets.map((t) =>
        t['reporter_phone'] ? phoneDigest(joinSecret, text(t['reporter_phone'])) : null,
      );
      const times = tickets.map((t) => text(t['received_at']));
      const [incidents, byDigest, byPlace, grids, workers, entities, entitiesByPlace, houses, housesByPlace] =
        await Promise.all([
          within(
            (k) => `select ${incidentColumns} from JJD where JJDBH in (${k}) and ${shownIncidents}`,
            of(tickets, 'police_incident_no'),
          ),
          within(
            (k) =>
              `select ${incidentColumns} from JJD where BJDH_ZY in (${k}) and ${shownIncidents} and BJSJ >= ? and BJSJ < ? order by JJDBH desc`,
            new Set(digests.filter((d) => d !== null)),
            span(times, 7),
          ),
          within(
            (k) =>
              `select ${incidentColumns} from JJD where BZDZ in (${k}) and ${shownIncidents} and BJSJ >= ? and BJSJ < ? order by JJDBH desc`,
            of(tickets, 'standard_address'),
            span(times, 30),
          ),
          within((k) => `select wgbm, wgmc from wg_info where wgbm in (${k})`, of(tickets, 'grid_code')),
          within(
            (k) => `select ygbh, xm, zgzt, wgbm from wg_member where wgbm in (${k}) order by ygbh`,
            of(tickets, 'grid_code'),
          ),
          within(
            (k) => `select UNISCID, ENTNAME, REGSTATE_CN from E_BASEINFO where UNISCID in (${k})`,
            of(tickets, 'uscc'),
          ),
          within(
            (k) =>
              `select UNISCID, ENTNAME, REGSTATE_CN, DOM_STD from E_BASEINFO where DOM_STD in (${k}) order by UNISCID`,
            of(tickets, 'standard_address'),
          ),
          within((k) => `select BDCDYH, XQMC, ZH, JCNF from FW_JBXX where BDCDYH in (${k})`, of(tickets, 'house_code')),
          within(
            (k) => `select BDCDYH, XQMC, ZH, JCNF, BZDZ from FW_JBXX where BZDZ in (${k}) order by BDCDYH`,
            of(tickets, 'standard_address'),
          ),
        ]);
      const penalties = await within(
        (k) => `select PENDECNO, PENTYPE, PENAM, UNISCID from E_PUNISH where UNISCID in (${k}) order by PENDECNO`,
        of([...entities, ...entitiesByPlace], 'UNISCID'),
      );
      const by = {
        incident: grouped(incidents, 'JJDBH'),
        digest: grouped(byDigest, 'BJDH_ZY'),
        incidentPlace: grouped(byPlace, 'BZDZ'),
        grid: grouped(grids, 'wgbm'),
        worker: grouped(workers, 'wgbm'),
        entity: grouped(entities, 'UNISCID'),
        entityPlace: grouped(entitiesByPlace, 'DOM_STD'),
        penalty: grouped(penalties, 'UNISCID'),
        house: grouped(houses, 'BDCDYH'),
        housePlace: grouped(housesByPlace, 'BZDZ'),
      };
      const nodes = tickets.map((ticket, i) => {
        const place = ticket['standard_address'];
        const near = (days: number) => (row: Row) =>
          Math.abs(parseDateTime(times[i] ?? '') - parseDateTime(callTime(row))) <= days * day;
        const [grid] = rowsOf(by.grid, ticket['grid_code']);
        return {
          ticketNo: ticket['ticket_no'],
          status: ticket['status'],
          urgency: ticket['urgency'],
          receivedAt: ticket['received_at'],
          leadAgency: ticket['lead_agency'],
          policeIncidents: matches('JJDBH', 'incident', incidentOf, {
            INCIDENT_NUMBER: rowsOf(by.incident, ticket['police_incident_no']),
            CALLER_NUMBER: rowsOf(by.digest, digests[i]).filter(near(7)),
            STANDARD_ADDRESS: rowsOf(by.incidentPlace, place).filter(near(30)),
          }),
          grid:
            grid === undefined
              ? null
              : {
                  matchedBy: 'GRID_CODE',
                  grid: {
                    gridCode: grid['wgbm'],
                    name: grid['wgmc'],
                    workers: rowsOf(by.worker, grid['wgbm']).map((w) => ({
                      workerNo: w['ygbh'],
                      name: w['xm'],
                      onDuty: w['zgzt'] === '在岗',
                    })),
                  },
                },
          marketEntities: matches(
            'UNISCID',
            'entity',
            (row) => ({
              uscc: row['UNISCID'],
              name: row['ENTNAME'],
              status: entityStates[text(row['REGSTATE_CN'])],
              penalties: rowsOf(by.penalty, row['UNISCID']).map((p) => ({
                decisionNo: p['PENDECNO'],
                kind: penaltyKinds[text(p['PENTYPE'])],
                amount: amountOf(p['PENAM']),
              })),
            }),
            { USCC: rowsOf(by.entity, ticket['uscc']), STANDARD_ADDRESS: rowsOf(by.entityPlace, place) },
          ),
          houses: matches(
            'BDCDYH',
            'house',
            (row) => ({ houseCode: row['BDCDYH'], estate: row['XQMC'], building: row['ZH'], builtYear: row['JCNF'] }),
            { HOUSE_CODE: rowsOf(by.house, ticket['house_code']), STANDARD_ADDRESS: rowsOf(by.housePlace, place) },
          ),
        };
      });
      return JSON.stringify({ data: { tickets: { nodes } } });
    },
    close: () => pool.end(),
  };
}

function incidentOf(row: Row): Row {
  return {
    incidentNo: row['JJDBH'],
    categoryPath: [row['JQLB1'], row['JQLB2'], row['JQLB3'], row['JQLB4']].filter((part) => part !== null),
    state: incidentStates[text(row['JQZT'])],
    callTime: callTime(row),
  };
}

/** The records of the surest kind first, each once, 50 at most. */
function matches(
  key: string,
  node: string,
  shown: (row: Row) => Row,
  found: Readonly<Record<string, readonly Row[]>>,
): readonly Row[] {
  const seen = new Set<unknown>();
  const list: Row[] = [];
  for (const [matchedBy, rows] of Object.entries(found)) {
    for (const row of rows) {
      if (list.length >= 50 || seen.has(row[key])) continue;
      seen.add(row[key]);
      list.push({ matchedBy, [node]: shown(row) });
    }
  }
  return list;
}

/** `19100.00` is 19100 and `15700.50` is 15700.50 元. */
function amountOf(value: unknown): string | null {
  return typeof value === 'string' ? value.replace(/\.0+$/, '') : null;
}

/** `20261105094800` as a time with its zone. */
function callTime(row: Row): string {
  const t = text(row['BJSJ']);
  return `${t.slice(0, 4)}-${t.slice(4, 6)}-${t.slice(6, 8)}T${t.slice(8, 10)}:${t.slice(10, 12)}:${t.slice(12, 14)}+08:00`;
}

/** From so many days before the first time to so many after the last, in the police's digits. */
function span(times: readonly string[], days: number): [string, string] {
  const sorted = times.toSorted();
  const digits = (ms: number): string => formatDateTime(ms).replaceAll(/[-T:]/g, '').slice(0, 14);
  return [
    digits(parseDateTime(sorted[0] ?? '') - days * day),
    digits(parseDateTime(sorted.at(-1) ?? '') + days * day + 1_000),
  ];
}

function of(rows: readonly Row[], column: string): ReadonlySet<string> {
  return new Set(rows.map((row) => row[column]).filter((value) => typeof value === 'string'));
}

function grouped(rows: readonly Row[], column: string): ReadonlyMap<unknown, readonly Row[]> {
  const groups = new Map<unknown, Row[]>();
  for (const row of rows) {
    const of = groups.get(row[column]);
    if (of === undefined) groups.set(row[column], [row]);
    else of.push(row);
  }
  return groups;
}

function rowsOf(by: ReadonlyMap<unknown, readonly Row[]>, key: unknown): readonly Row[] {
  return (key === null || key === undefined ? undefined : by.get(key)) ?? [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

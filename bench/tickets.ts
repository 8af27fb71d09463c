import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { sourceSettings, type SqlSettings } from '../src/connector/settings/source-settings.ts';
import { openTicketDatabase, type TicketPlace } from '../src/store/ticket-database.ts';
import { bar, median, type Bar } from './figures.ts';
import { askAll, type Asked } from './tickets/asked.ts';
import { openExaminer } from './tickets/examined.ts';
import { madeTicketNo, makeTickets } from './tickets/make-tickets.ts';

/** One question on a store of few tickets and on one of many. */
export interface TicketFigures {
  readonly store: 'sqlite' | 'mysql';
  readonly question: string;
  readonly unit: 'rows' | 'bytes';
  readonly records: number;
  readonly fewExamined: number;
  readonly manyExamined: number;
  /** Median milliseconds with a warm cache; rounds of the two stores are interleaved. */
  readonly few: number;
  readonly many: number;
}

export interface TicketSizes {
  readonly few: number;
  readonly many: number;
  readonly rounds: number;
}

/** Bytes of a page of SQLite. */
const pageBytes = 4_096;

/** Measures both stores at both sizes. `onProgress` is told how far the making of one is, from 0 to 1. */
export async function measureTickets(
  sizes: TicketSizes,
  onProgress: (what: string, share: number) => void,
): Promise<{ readonly figures: readonly TicketFigures[]; readonly bars: readonly Bar[] }> {
  const figures: TicketFigures[] = [];
  for (const store of ['sqlite', 'mysql'] as const) figures.push(...(await measureStore(store, sizes, onProgress)));
  const bars = figures.flatMap((f) => [
    bar(`${f.store}: ${f.question}: ${f.unit} examined of many`, f.manyExamined, mostExamined(f)),
    bar(`${f.store}: ${f.question}: time of many ÷ time of few`, f.many / f.few, 1.5),
  ]);
  return { figures, bars };
}

/** Rows must be no more; a tree of pages may have grown by a level or two for each record that is looked up. */
function mostExamined({ unit, fewExamined, records }: TicketFigures): number {
  return unit === 'rows' ? fewExamined : fewExamined + 2 * (records + 1) * pageBytes;
}

async function measureStore(
  store: 'sqlite' | 'mysql',
  { few, many, rounds }: TicketSizes,
  onProgress: (what: string, share: number) => void,
): Promise<readonly TicketFigures[]> {
  const made: Made[] = [];
  try {
    for (const tickets of [few, many])
      made.push(await make(store, tickets, (share) => onProgress(`${store}, ${tickets} tickets`, share)));
    const [small, large] = made as [Made, Made];
    const examiners = [await openExaminer(small.settings), await openExaminer(large.settings)] as const;
    const figures: TicketFigures[] = [];
    try {
      for (const [i, { question, records, statements }] of large.asked.entries()) {
        const before = small.asked[i]?.statements ?? [];
        const times: [number[], number[]] = [[], []];
        // The first rounds warm the caches.
        for (let round = -5; round < rounds; round++) {
          const both = [await examiners[0].time(before), await examiners[1].time(statements)];
          if (round >= 0) both.forEach((time, side) => times[side]?.push(time));
        }
        figures.push({
          store,
          question,
          unit: examiners[0].unit,
          records,
          fewExamined: await examiners[0].examine(before),
          manyExamined: await examiners[1].examine(statements),
          few: median(times[0]),
          many: median(times[1]),
        });
      }
    } finally {
      for (const examiner of examiners) await examiner.close();
    }
    return figures;
  } finally {
    for (const one of made) await one.drop();
  }
}

interface Made {
  readonly settings: SqlSettings;
  readonly asked: readonly Asked[];
  drop(): Promise<void>;
}

async function make(store: 'sqlite' | 'mysql', tickets: number, onShare: (share: number) => void): Promise<Made> {
  const own = store === 'sqlite' ? sqlitePlace() : await mysqlPlace();
  const { place, settings } = own;
  try {
    const database = await openTicketDatabase(place);
    try {
      await makeTickets(database, tickets, (count) => onShare(count / tickets));
    } finally {
      await database.close();
    }
    // One that went to and fro.
    return {
      settings,
      asked: await askAll(settings, madeTicketNo(Math.floor(tickets / 100) * 50)),
      drop: () => own.drop(),
    };
  } catch (error) {
    await own.drop();
    throw error;
  }
}

interface OwnPlace {
  readonly place: TicketPlace;
  readonly settings: SqlSettings;
  drop(): Promise<void>;
}

function sqlitePlace(): OwnPlace {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-bench-'));
  const file = join(folder, 'hotline.db');
  return {
    place: { kind: 'sqlite', file },
    settings: settingsOf({ client: 'sqlite', file }),
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function mysqlPlace(): Promise<OwnPlace> {
  const server = { host: '127.0.0.1', port: 3_306, user: 'root' };
  const name = `lianqiao_bench_${randomBytes(6).toString('hex')}`;
  const once = async (sql: string): Promise<void> => {
    const session = await mysql.createConnection(server);
    await session.query(sql);
    await session.end();
  };
  await once(`create database ${name} character set utf8mb4`);
  const settings = settingsOf({ client: 'mysql', ...server, database: name, answerMilliseconds: 600_000 });
  return { place: { kind: 'mysql', settings }, settings, drop: () => once(`drop database ${name}`) };
}

function settingsOf(of: Readonly<Record<string, unknown>>): SqlSettings {
  const settings = sourceSettings.parse({ kind: 'sql', ...of });
  if (settings.kind !== 'sql') throw new TypeError('not the settings of an sql source');
  return settings;
}

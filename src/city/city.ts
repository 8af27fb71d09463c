import { existsSync, rmSync, writeFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { arrivals, asOf, firstDay } from './arrivals.ts';
import { canonical } from './clock.ts';
import {
  gridReceiptRow,
  housingReceiptRow,
  marketReceiptRow,
  policeReceiptRow,
  ticketReceipts,
  type CityReceipt,
} from './receipts.ts';
import { showcaseReceipts } from './showcase-receipts.ts';
import { gridEvents } from './grid-events.ts';
import { writeGrids } from './grid-records.ts';
import { writeHouse, writePropertyCompany } from './housing-records.ts';
import { policeFiles } from './incidents.ts';
import type { IncidentLink, PoliceFile } from './police-file.ts';
import { consumerComplaints, writeCompany } from './market-records.ts';
import { folderUnusable, SeedError } from './seed-error.ts';
import { showcase, showcaseDay } from './showcase.ts';
import {
  showcasePoliceFiles,
  writeShowcaseGrid,
  writeShowcaseHousing,
  writeShowcaseMarket,
} from './showcase-records.ts';
import { showcaseTickets } from './showcase-ticket.ts';
import { createSourceFile } from './source-file.ts';
import { gridSystem } from './systems/grid.ts';
import { hotlineSystem, type HandoffRow, type TicketPartyRow, type TicketRow } from './systems/hotline.ts';
import { housingSystem } from './systems/housing.ts';
import { marketSystem } from './systems/market.ts';
import { policeSystem } from './systems/police.ts';
import { makeTicket } from './tickets.ts';
import { worldFor, type World } from './world.ts';
import { makeFolder } from '../config/make-folder.ts';

export interface SeedOptions {
  /** Folder of the databases; made when missing. */
  readonly dataDir: string;
  /** Tickets in all, 10 to 10,000,000. Default 2,000. */
  readonly tickets?: number;
  /** Any whole number: another one gives another city. Default 1. */
  readonly seed?: number;
  /** The key of the digests under which numbers are compared between agencies. */
  readonly joinSecret: Buffer;
  /** Replaces a city that is there. Default false. */
  readonly force?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface CitySummary {
  readonly seed: number;
  readonly tickets: number;
  /** The first day of the records and their last moment. */
  readonly from: string;
  readonly until: string;
  /** Rows by agency and table. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Police incidents by how they stand to a ticket. */
  readonly incidents: Readonly<Record<IncidentLink, number>>;
  readonly showcase: string;
}

const LEAST = 10;
const MOST = 10_000_000;
/** Tickets in one transaction. */
const BATCH = 5_000;

/**
 * Fills the five agencies' databases with a made-up city, the same for equal seed, size and secret. The databases
 * appear all at the end, `city.json` as the last file: a seed that breaks off leaves the folder as it was.
 * Rejects with `SeedError`, and with RangeError on numbers out of bounds.
 */
export async function seedCity(options: SeedOptions): Promise<CitySummary> {
  const { dataDir, tickets = 2_000, seed = 1, joinSecret, force = false, onProgress } = options;
  if (!Number.isInteger(tickets) || tickets < LEAST || tickets > MOST) {
    throw new RangeError(`the number of tickets must be a whole number from ${LEAST} to ${MOST}`);
  }
  if (!Number.isSafeInteger(seed)) throw new RangeError('the seed must be a whole number');
  prepareFolder(dataDir, force);

  const city = openCity(dataDir);
  try {
    const world = worldFor(seed, tickets);
    onProgress?.(0, tickets);
    await writeWorld(world, city);
    writeShowcase(joinSecret, city);
    await writeTickets(world, tickets, joinSecret, city, onProgress);
    for (const file of city.files) file.complete();
  } catch (error) {
    for (const file of city.files) file.discard();
    throw error;
  }

  const summary = summaryOf(seed, tickets, city);
  publish(dataDir, city, summary);
  onProgress?.(tickets, tickets);
  return summary;
}

/** Names of the files that a seed makes in its folder. */
const databases = ['hotline.db', 'police.db', 'grid.db', 'market.db', 'housing.db'];
const summaryFile = 'city.json';

function prepareFolder(dataDir: string, force: boolean): void {
  try {
    makeFolder(dataDir);
    const probe = join(dataDir, '.seed-probe');
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw folderUnusable(dataDir, error);
  }
  const found = [...databases, summaryFile].find((name) => existsSync(join(dataDir, name)));
  if (found !== undefined && !force) {
    throw new SeedError(
      'CITY_EXISTS',
      `the data folder ${dataDir} already holds ${found}: add --force to replace the city`,
    );
  }
}

type City = ReturnType<typeof openCity>;

function openCity(dataDir: string) {
  const hotline = createSourceFile(join(dataDir, 'hotline.db'), hotlineSystem);
  const police = createSourceFile(join(dataDir, 'police.db'), policeSystem);
  const grid = createSourceFile(join(dataDir, 'grid.db'), gridSystem);
  const market = createSourceFile(join(dataDir, 'market.db'), marketSystem);
  const housing = createSourceFile(join(dataDir, 'housing.db'), housingSystem);
  const links: Record<IncidentLink, number> = {
    DIVERTED: 0,
    SAME_CALLER: 0,
    SAME_ADDRESS: 0,
    UNRELATED: 0,
    CALLER_LONG_BEFORE: 0,
    NEXT_DOOR: 0,
    NUMBER_OFF_BY_ONE: 0,
    CONFIDENTIAL: 0,
  };
  return { hotline, police, grid, market, housing, files: [hotline, police, grid, market, housing], links };
}

async function writeWorld(world: World, city: City): Promise<void> {
  writeGrids(world, city.grid);
  await inBatches(world.companies, city, (i) => writeCompany(world, i, city.market));
  await inBatches(world.propertyCompanies, city, (i) => writePropertyCompany(world, i, city.housing));
  await inBatches(world.houses, city, (i) => writeHouse(world, i, city.housing));
}

function writeShowcase(joinSecret: Buffer, city: City): void {
  for (const ticket of showcaseTickets()) writeTicket(ticket, city);
  writeReceipts(showcaseReceipts(), city);
  for (const file of showcasePoliceFiles(joinSecret)) writePoliceFile(file, city);
  writeShowcaseGrid(city.grid);
  writeShowcaseMarket(city.market);
  writeShowcaseHousing(city.housing);
}

async function writeTickets(
  world: World,
  tickets: number,
  joinSecret: Buffer,
  city: City,
  onProgress: SeedOptions['onProgress'],
): Promise<void> {
  const coming = arrivals(world.seed, tickets - showcaseDay.taken, showcaseDay);
  await inBatches(
    tickets - showcaseDay.taken,
    city,
    () => {
      const next = coming.next();
      if (next.done === true) throw new RangeError('fewer arrivals than tickets');
      const arrival = next.value;
      const ticket = makeTicket(world, arrival);
      writeTicket(ticket, city);
      writeReceipts(ticketReceipts(world.seed, arrival.index, ticket), city);
      for (const file of policeFiles(world.seed, arrival.index, ticket, joinSecret)) writePoliceFile(file, city);
      for (const row of gridEvents(world.seed, arrival.index, ticket)) city.grid.insert('wg_event', row);
      for (const row of consumerComplaints(world, arrival.index, ticket)) city.market.insert('C_COMPLAINT', row);
    },
    (done) => onProgress?.(done, tickets),
  );
}

function writeTicket(
  ticket: {
    readonly row: TicketRow;
    readonly parties: readonly TicketPartyRow[];
    readonly handoffs: readonly HandoffRow[];
  },
  city: City,
): void {
  city.hotline.insert('ticket', ticket.row);
  for (const row of ticket.parties) city.hotline.insert('ticket_party', row);
  for (const row of ticket.handoffs) city.hotline.insert('handoff', row);
}

function writeReceipts(receipts: readonly CityReceipt[], city: City): void {
  for (const receipt of receipts) {
    switch (receipt.agency) {
      case 'police':
        city.police.insert('ZWGD', policeReceiptRow(receipt));
        break;
      case 'grid':
        city.grid.insert('wg_receipt', gridReceiptRow(receipt));
        break;
      case 'market':
        city.market.insert('C_RECEIPT', marketReceiptRow(receipt));
        break;
      case 'housing':
        city.housing.insert('GD_JS', housingReceiptRow(receipt));
    }
  }
}

function writePoliceFile(file: PoliceFile, city: City): void {
  city.links[file.link] += 1;
  city.police.insert('JJD', file.incident);
  for (const row of file.dispatches) city.police.insert('CJD', row);
  for (const row of file.feedbacks) city.police.insert('FKD', row);
  for (const row of file.parties) city.police.insert('DSR', row);
}

/** Runs `write` for 0 to count - 1; after every batch it commits, reports and lets other work run. */
async function inBatches(
  count: number,
  city: City,
  write: (index: number) => void,
  report?: (done: number) => void,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    write(i);
    if ((i + 1) % BATCH !== 0) continue;
    for (const file of city.files) file.commit();
    report?.(i + 1);
    await breathe();
  }
}

function summaryOf(seed: number, tickets: number, city: City): CitySummary {
  return {
    seed,
    tickets,
    from: firstDay,
    until: canonical(asOf),
    rows: {
      hotline: city.hotline.rows(),
      police: city.police.rows(),
      grid: city.grid.rows(),
      market: city.market.rows(),
      housing: city.housing.rows(),
    },
    incidents: city.links,
    showcase: showcase.ticketNo,
  };
}

/** Moves the databases to their places. Without `city.json` the folder counts as unseeded, so that goes first and comes last. */
function publish(dataDir: string, city: City, summary: CitySummary): void {
  const path = join(dataDir, summaryFile);
  rmSync(path, { force: true });
  for (const file of city.files) file.publish();
  writeFileSync(`${path}.tmp`, `${JSON.stringify(summary, null, 2)}\n`);
  renameSync(`${path}.tmp`, path);
}

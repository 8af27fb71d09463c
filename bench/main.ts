import { Argument, Command } from 'commander';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedCity } from '../src/city/city.ts';
import { loadConfig } from '../src/config/config.ts';
import { secretFile } from '../src/config/secret-file.ts';
import { loadHouse } from '../src/hub/house.ts';
import { projectRoot } from '../src/schema/project-root.ts';
import type { Bar } from './figures.ts';
import { measureGate, type GateFigures } from './gate.ts';
import { measureJoinedPage, type JoinedPageFigures } from './joined-page.ts';
import { measureLedger, type LedgerFigures } from './ledger.ts';
import { measurePlans, type PlanFigures } from './plan.ts';
import { measureTickets, type TicketFigures } from './tickets.ts';
import { measureVerify, type VerifyFigures } from './verify.ts';

const parts = ['plan', 'gate', 'page', 'ledger', 'verify', 'tickets'] as const;
type Part = (typeof parts)[number];

const program = new Command('bench')
  .description(
    'Measure plan, gate, joined page and ledger, the verifier of the ledger, or the ticket stores; exits 1 when a bar is missed',
  )
  .addArgument(
    new Argument('[what]', 'one of them alone; verifier and tickets only when they are named').choices(parts),
  )
  .option('--rounds <number>', 'rounds of gate and page', '41')
  .option('--slice <milliseconds>', 'how long one way runs in one round, about', '80')
  .option('--tickets <number>', 'tickets of the city', '2000')
  .option('--few <number>', 'tickets: of the small store', '10000')
  .option('--many <number>', 'tickets: of the large store', '1000000')
  .option('--entries <number>', 'entries of the export that is verified', '200000')
  .option('--json', 'print the figures as JSON')
  .allowExcessArguments(false)
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2))
  .action(bench);

/** One round takes seconds. */
const VERIFY_ROUNDS = 5;

interface Flags {
  readonly rounds: string;
  readonly slice: string;
  readonly tickets: string;
  readonly few: string;
  readonly many: string;
  readonly entries: string;
  readonly json?: true;
}

await program.parseAsync();

async function bench(what: Part | undefined, flags: Flags, command: Command): Promise<void> {
  const whole = (name: 'rounds' | 'slice' | 'tickets' | 'few' | 'many' | 'entries'): number => {
    const text = flags[name];
    if (!/^[1-9]\d{0,6}$/.test(text)) command.error(`error: --${name} must be a whole number from 1 to 9999999`);
    return Number(text);
  };
  const rounds = { rounds: whole('rounds'), slice: whole('slice') };
  const tickets = whole('tickets');
  // The plans come first: nothing that they run is warm by then.
  const isAsked = (one: Part): boolean => what === one || (what === undefined && one !== 'tickets' && one !== 'verify');
  const plan = !isAsked('plan') ? null : measurePlans(await loadHouse(projectRoot, loadConfig({}).connectors));
  const gate = !isAsked('gate') ? null : await onCity(tickets, (dataDir) => measureGate(dataDir, rounds));
  const page = !isAsked('page') ? null : await onCity(tickets, (dataDir) => measureJoinedPage(dataDir, rounds));
  const ledger = !isAsked('ledger') ? null : await onCity(tickets, (dataDir) => measureLedger(dataDir, rounds.rounds));
  const entries = whole('entries');
  const verify = isAsked('verify') ? await measureVerify({ entries, rounds: VERIFY_ROUNDS }) : null;
  const sizes = { few: whole('few'), many: whole('many'), rounds: rounds.rounds };
  const stores = isAsked('tickets') ? await measureTickets(sizes, showProgress) : null;
  const bars = [
    ...[plan, ...(gate ?? []), page, verify].flatMap((figures) => (figures === null ? [] : [figures.bar])),
    ...(ledger ?? []).flatMap((figures) => figures.bars),
    ...(stores?.bars ?? []),
  ];
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ machine, plan, gate, page, ledger, verify, tickets: stores?.figures ?? null, bars }, null, 2)}\n`
      : [
          ...(plan === null ? [] : planLines(plan)),
          ...(gate === null ? [] : gateLines(gate)),
          ...(page === null ? [] : pageLines(page)),
          ...(ledger === null ? [] : ledgerLines(ledger)),
          ...(verify === null ? [] : verifyLines(verify)),
          ...(stores === null ? [] : ticketLines(stores.figures, sizes)),
          ...barLines(bars),
          '',
        ].join('\n'),
  );
  if (bars.some((b) => !b.kept)) process.exitCode = 1;
}

/** Seeds a city in a folder of its own, which is removed afterwards. */
async function onCity<T>(tickets: number, work: (dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-bench-'));
  try {
    await seedCity({ dataDir, tickets, joinSecret: secretFile(dataDir, 'join') });
    return await work(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function planLines({ documents, fields, firstEver, ...of }: PlanFigures): string[] {
  const ms = (value: number): string => value.toFixed(3).padStart(9);
  return [
    `Planning: ${documents} distinct queries of ${fields} fields, each planned once (ms)`,
    '              median      p95',
    ...(['parse', 'validate', 'plan'] as const).map((k) => `  ${k.padEnd(9)}${ms(of[k].median)}${ms(of[k].p95)}`),
    `  the first plan of the process: ${firstEver.toFixed(1)}`,
    '',
  ];
}

function gateLines(figures: readonly GateFigures[]): string[] {
  const us = (value: number): string => value.toFixed(0).padStart(9);
  const share = (value: number): string => `${(value * 100).toFixed(1)} %`.padStart(9);
  return [
    'Gate: CPU microseconds per request, the same statements and answers both ways',
    '   statements  ungated    gated recorded overhead      from        to  recorded    strict   written',
    ...figures.map(
      (g) =>
        `  ${g.operation} ${g.statements.toFixed(1).padStart(8)} ${us(g.ungated)}${us(g.gated)}${us(g.recorded)}` +
        `${share(g.overhead)}${share(g.overheadFrom)} ${share(g.overheadTo)} ${share(g.overheadRecorded)} ${share(g.overheadStrict)} ${share(g.overheadWritten)}`,
    ),
    ...figures.map((g) => `  ${g.operation}: ${g.what}; ${g.requests} sets of variables`),
    '',
  ];
}

function pageLines(p: JoinedPageFigures): string[] {
  const line = (name: string, statements: number, cpu: number, own: number): string =>
    `  ${name.padEnd(22)}${statements.toFixed(1).padStart(10)}${cpu.toFixed(0).padStart(10)}${own.toFixed(0).padStart(10)}`;
  return [
    'Joined page of 20 tickets on MariaDB: CPU microseconds per request, the same data both ways',
    '                        statements       all  our own',
    line('hand-written mysql2', p.routeStatements, p.route, p.routeOwn),
    line('hub', p.hubStatements, p.hub, p.hubOwn),
    `  ratio ${p.ratio.toFixed(2)} (rounds from ${p.ratioFrom.toFixed(2)} to ${p.ratioTo.toFixed(2)}), of our own process ${p.ratioOwn.toFixed(2)}; ${p.requests} sets of variables`,
    '',
  ];
}

function ledgerLines(figures: readonly LedgerFigures[]): string[] {
  const number = (value: number, digits: number): string => value.toFixed(digits).padStart(9);
  return [
    'Ledger: CPU microseconds per request of all threads, with the strict ledger and without, and p99 in milliseconds',
    '    in flight  without     with    ratio     from       to  p99 without     with',
    ...figures.map(
      (l) =>
        `  ${l.operation} ${String(l.inFlight).padStart(9)}${number(l.without, 0)}${number(l.with, 0)}${number(l.ratio, 2)}${number(l.ratioFrom, 2)}${number(l.ratioTo, 2)}   ${number(l.p99Without, 1)}${number(l.p99With, 1)}`,
    ),
    '',
  ];
}

function verifyLines(v: VerifyFigures): string[] {
  return [
    `Ledger: an export of ${v.entries} entries of ${v.entryBytes.toFixed(0)} bytes, verified with trusted keys`,
    `  ${v.rate.toFixed(0)} entries a second (rounds from ${v.rateFrom.toFixed(0)} to ${v.rateTo.toFixed(0)}), ${v.cpu.toFixed(2)} CPU microseconds an entry, ${v.residentMb.toFixed(0)} MB resident at most`,
    '',
  ];
}

/** On the error stream, so that figures can be piped. */
function showProgress(what: string, share: number): void {
  process.stderr.write(`\r${what}: ${Math.round(share * 100)} %${share === 1 ? ', indexes\n' : ''}`);
}

function ticketLines(figures: readonly TicketFigures[], { few, many }: { few: number; many: number }): string[] {
  const ms = (value: number): string => value.toFixed(2).padStart(9);
  return [
    `Ticket stores of ${few} and of ${many} tickets, ten handoffs each: what is examined, and median milliseconds`,
    `  ${'store'.padEnd(7)}${'question'.padEnd(44)}records   examined      of many       ms  of many`,
    ...figures.map(
      (f) =>
        `  ${f.store.padEnd(7)}${f.question.padEnd(44)}${String(f.records).padStart(7)}` +
        `${String(f.fewExamined).padStart(11)}${String(f.manyExamined).padStart(13)}${ms(f.few)}${ms(f.many)} ${f.unit}`,
    ),
    '',
  ];
}

function barLines(bars: readonly Bar[]): string[] {
  return bars.map((b) => `${b.kept ? 'kept  ' : 'MISSED'} ${b.name}: ${b.figure.toFixed(3)} (at ${b.side} ${b.limit})`);
}

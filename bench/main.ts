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
import { measurePlans, type PlanFigures } from './plan.ts';

const program = new Command('bench')
  .description('Measure plan, gate and joined page; exits 1 when a bar is missed')
  .addArgument(new Argument('[what]', 'one of them alone').choices(['plan', 'gate', 'page']))
  .option('--rounds <number>', 'rounds of gate and page', '41')
  .option('--slice <milliseconds>', 'how long one way runs in one round, about', '80')
  .option('--tickets <number>', 'tickets of the city', '2000')
  .option('--json', 'print the figures as JSON')
  .allowExcessArguments(false)
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2))
  .action(bench);

interface Flags {
  readonly rounds: string;
  readonly slice: string;
  readonly tickets: string;
  readonly json?: true;
}

await program.parseAsync();

async function bench(what: 'plan' | 'gate' | 'page' | undefined, flags: Flags, command: Command): Promise<void> {
  const whole = (name: 'rounds' | 'slice' | 'tickets'): number => {
    const text = flags[name];
    if (!/^[1-9]\d{0,6}$/.test(text)) command.error(`error: --${name} must be a whole number from 1 to 9999999`);
    return Number(text);
  };
  const rounds = { rounds: whole('rounds'), slice: whole('slice') };
  const tickets = whole('tickets');
  // The plans come first: nothing that they run is warm by then.
  const isAsked = (one: 'plan' | 'gate' | 'page'): boolean => what === undefined || what === one;
  const plan = !isAsked('plan') ? null : measurePlans(await loadHouse(projectRoot, loadConfig({}).connectors));
  const gate = !isAsked('gate') ? null : await onCity(tickets, (dataDir) => measureGate(dataDir, rounds));
  const page = !isAsked('page') ? null : await onCity(tickets, (dataDir) => measureJoinedPage(dataDir, rounds));
  const bars = [plan, ...(gate ?? []), page].flatMap((figures) => (figures === null ? [] : [figures.bar]));
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ machine, plan, gate, page, bars }, null, 2)}\n`
      : [
          ...(plan === null ? [] : planLines(plan)),
          ...(gate === null ? [] : gateLines(gate)),
          ...(page === null ? [] : pageLines(page)),
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

function barLines(bars: readonly Bar[]): string[] {
  return bars.map((b) => `${b.kept ? 'kept  ' : 'MISSED'} ${b.name}: ${b.figure.toFixed(3)} (at ${b.side} ${b.limit})`);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connector } from '../connector.ts';
import type { SourceKind } from '../settings/source-settings.ts';
import type { SourceDeclaration, SourceDriver } from '../source.ts';
import { allChecks } from './all-checks.ts';
import { openBench, type Bench } from './bench.ts';
import { CheckStop, type Check, type Finding } from './check.ts';
import { nameOf } from './stand.ts';

/** How one check of one driver ended. */
export interface CheckResult {
  readonly check: string;
  /** The source's name and the kind of the driver that reached it. */
  readonly source: string;
  readonly kind: SourceKind;
  readonly result: Finding['result'];
  readonly seconds: number;
  /** What was looked at, or why nothing was. */
  readonly seen: string;
  /** What was wrong; empty unless it failed. */
  readonly problems: readonly string[];
}

export interface CheckOptions {
  /** Fewer rows and shorter waits. */
  readonly quick: boolean;
  /** Names of checks; left out: all. */
  readonly only?: readonly string[];
  /** Drivers of these kinds; left out: all. */
  readonly kinds?: readonly SourceKind[];
  /** Called before each check, and after it with its result. */
  readonly onBegin?: (of: Pick<CheckResult, 'check' | 'source' | 'kind'>) => void;
  readonly onResult?: (result: CheckResult) => void;
}

/** Tries every promise on every driver of every source of the connector, against its simulator. */
export async function checkConnector(connector: Connector, options: CheckOptions): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const source of connector.sources)
    for (const driver of source.drivers) {
      if (options.kinds !== undefined && !options.kinds.includes(driver.kind)) continue;
      results.push(...(await checkDriver(connector, source, driver, options)));
    }
  return results;
}

/** The same of one driver of one source. */
export async function checkDriver(
  connector: Connector,
  source: SourceDeclaration,
  driver: SourceDriver,
  { quick, only, onBegin, onResult }: Omit<CheckOptions, 'kinds'>,
): Promise<readonly CheckResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-check-'));
  const bench = openBench({ connector, source, driver, quick, folder });
  const results: CheckResult[] = [];
  try {
    for (const check of allChecks) {
      if (only !== undefined && !only.includes(check.name)) continue;
      const of = { check: check.name, source: source.name, kind: driver.kind };
      onBegin?.(of);
      const begun = performance.now();
      const finding = await findingOf(check, bench);
      const seconds = Math.round((performance.now() - begun) / 10) / 100;
      const problems = finding.result === 'failed' ? finding.problems : [];
      const result: CheckResult = { ...of, result: finding.result, seconds, seen: finding.seen, problems };
      results.push(result);
      onResult?.(result);
    }
  } finally {
    await bench.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

/** A check that cannot go on has failed, and so has one after which the driver does not close. */
async function findingOf(check: Check, bench: Bench): Promise<Finding> {
  let finding: Finding;
  try {
    finding = await check.run(bench);
  } catch (error) {
    const text = error instanceof CheckStop ? error.message : `the check ended with ${nameOf(error)}`;
    finding = { result: 'failed', seen: 'not to its end', problems: [text] };
  }
  const late = await bench.closeStands();
  if (late.length === 0) return finding;
  const before = finding.result === 'failed' ? finding.problems : [];
  return { result: 'failed', seen: finding.seen, problems: [...before, ...late] };
}

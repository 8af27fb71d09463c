import { Command, Option } from 'commander';
import { writeFileSync } from 'node:fs';
import { ConfigurationError } from '../access/problem.ts';
import { suggestion } from '../access/suggestion.ts';
import { loadConfig } from '../config/config.ts';
import { allChecks } from '../connector/check/all-checks.ts';
import { checkConnector, type CheckResult } from '../connector/check/check-connector.ts';
import type { Connector } from '../connector/connector.ts';
import type { SourceKind } from '../connector/settings/source-settings.ts';
import { loadModules } from '../hub/modules.ts';
import { projectRoot } from '../schema/project-root.ts';
import { checkRealConnector } from './connector-check-real.ts';
import { usageExit } from './usage-exit.ts';

interface Flags {
  readonly source?: SourceKind;
  readonly real?: true;
  readonly key: readonly string[];
  readonly only: readonly string[];
  readonly quick?: true;
  readonly json?: true;
  readonly out?: string;
}

const kinds: readonly SourceKind[] = ['sql', 'rest', 'graphql', 'soap', 'file'];
const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `lianqiao connector check NAME`: the conformance kit; docs/conformance.md tells each check. */
export function connectorCheckCommand(): Command {
  return new Command('check')
    .description('Run the conformance kit on a connector; exits 1 when a check fails')
    .argument('<agency>', 'a connector below connectors/')
    .addOption(new Option('--source <kind>', 'only the driver of this kind').choices(kinds))
    .option('--real', 'look at the source that the configuration names, by harmless reads alone')
    .option('--key <TYPE=KEY>', 'with --real: a record that is there; may be repeated', collect, [])
    .option('--only <check>', 'only this check; may be repeated', collect, [])
    .option('--quick', 'fewer rows and shorter waits')
    .option('--json', 'print the report as JSON')
    .option('--out <file>', 'write the report as JSON to this file')
    .allowExcessArguments(false)
    .exitOverride(usageExit)
    .action(check);
}

async function check(agency: string, flags: Flags, command: Command): Promise<void> {
  const wrong = (message: string): never => command.error(`error: ${message}`, { exitCode: 2 });
  if (flags.real !== true)
    for (const name of flags.only) {
      const known = allChecks.map((c) => c.name);
      if (!known.includes(name)) wrong(`there is no check ${name}.${suggestion(name, known)}`);
    }
  let connector: Connector | undefined;
  try {
    const { connectors } = await loadModules(projectRoot, [agency]);
    connector = connectors.find((c) => c.agency === agency);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const known = loadConfig({}).connectors;
    wrong(`${error.message}${suggestion(agency, known)}`);
  }
  if (connector === undefined) return wrong(`there is no connector ${agency}`);
  const { source } = flags;
  if (source !== undefined && !connector.sources.some((s) => s.drivers.some((d) => d.kind === source)))
    wrong(`${agency} is not reached by ${source}`);
  const tell = flags.json === true ? tellNobody : tellResult;
  const results =
    flags.real === true
      ? await checkRealConnector(connector, {
          env: process.env,
          keys: flags.key,
          only: flags.only,
          onResult: tell,
          wrong,
        })
      : await checkConnector(connector, {
          quick: flags.quick === true,
          onBegin: flags.json === true ? tellNobody : tellBegin,
          onResult: tell,
          ...(flags.only.length === 0 ? {} : { only: flags.only }),
          ...(source === undefined ? {} : { kinds: [source] }),
        });
  report(agency, results, flags);
}

function report(agency: string, results: readonly CheckResult[], { json, out, real, quick }: Flags): void {
  const tally = (result: CheckResult['result']): number => results.filter((r) => r.result === result).length;
  const failed = tally('failed');
  const whole = {
    agency,
    against: real === true ? 'real source' : 'simulator',
    quick: quick === true,
    passed: tally('passed'),
    failed,
    notApplicable: tally('not applicable'),
    checks: results,
  };
  const text = `${JSON.stringify(whole, null, 2)}\n`;
  if (out !== undefined) writeFileSync(out, text);
  process.stdout.write(
    json === true
      ? text
      : `\n${agency}: ${whole.passed} passed, ${failed} failed, ${whole.notApplicable} not applicable\n`,
  );
  if (failed > 0 || results.length === 0) process.exitCode = 1;
}

const tellNobody = (): void => undefined;

function tellBegin({ source, kind, check: name }: Pick<CheckResult, 'check' | 'source' | 'kind'>): void {
  if (process.stderr.isTTY) process.stderr.write(`… ${source} by ${kind}: ${name}\r`);
}

function tellResult({ source, kind, check: name, result, seconds, seen, problems }: CheckResult): void {
  const lines = [
    `${result.padEnd(14)} ${`${source} by ${kind}`.padEnd(24)} ${name.padEnd(18)} ${seconds.toFixed(1).padStart(6)} s  ${seen}`,
    ...problems.map((problem) => `${' '.repeat(15)}${problem}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

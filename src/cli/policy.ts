import { Command, InvalidArgumentError, Option, type CommanderError } from 'commander';
import { GraphQLError } from 'graphql';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigurationError, type Problem } from '../access/problem.ts';
import { readNamed } from '../access/read-named.ts';
import { suggestion } from '../access/suggestion.ts';
import { formatDateTime, isDate } from '../codes/date-time.ts';
import { loadConfig } from '../config/config.ts';
import { createDocuments, DocumentErrors, type Prepared } from '../hub/documents.ts';
import { explainQuery } from '../hub/explain.ts';
import { loadHouse, type House } from '../hub/house.ts';
import { expectationFiles } from '../hub/roots/expectation-files.ts';
import { purposes, roles, type Purpose, type Role } from '../identity/principal.ts';
import { checkedPolicy, checkPolicy, type CheckedPolicy } from '../policy/check.ts';
import { accessClasses, anyOther, callingAgencies, nearAgency, type ClassFilter } from '../policy/classes.ts';
import { diffPolicies } from '../policy/diff.ts';
import { emergencySteps } from '../policy/emergency.ts';
import { runExpectations, withoutExpectations } from '../policy/expectations.ts';
import { findingsFor } from '../policy/finding.ts';
import { expectationsSchema, sharingSchema } from '../policy/json-schema.ts';
import { matrixCsv, matrixHtml, policyMatrix } from '../policy/matrix.ts';
import { printDiff, printEmergency, printExplanation, printFindings, printMatrix } from '../policy/print.ts';
import { inOneGo } from '../policy/turns.ts';
import { projectRoot } from '../schema/project-root.ts';
import { historyCommand, replayCommand } from './policy-replay.ts';

/** `lianqiao policy`: what the sharing policies say, without a hub. Exit codes: 0 nothing to report, 1 something found, 2 used wrongly. */
export function policyCommand(): Command {
  const command = new Command('policy')
    .description('See, check and compare the sharing policies')
    .showSuggestionAfterError(false)
    .exitOverride(exit);
  const add = (verb: Command): Command => {
    command.addCommand(verb.allowExcessArguments(false).exitOverride(exit));
    return verb;
  };
  const forClass = (verb: Command): Command =>
    verb
      .option('--agency <agency>', "callers of this agency only; '*' for any that no connector stands for")
      .addOption(new Option('--role <role>', 'callers in this role only').choices(roles))
      .addOption(new Option('--purpose <purpose>', 'callers for this purpose only').choices(purposes));

  forClass(add(new Command('check').description('Every field decided by an explicit line, none twice, none in vain')))
    .option('--date <date>', 'the day on which periods are judged, YYYY-MM-DD (default: today)', date)
    .option('--json', 'print the findings as JSON')
    .action((options: ClassOptions & { date?: string; json?: boolean }) =>
      report(async (house, agencies) => {
        const callers = callingAgencies(agencies, house.policy);
        const filter = classFilter(options, callers);
        const classes = accessClasses(callers);
        const today = options.date ?? formatDateTime(Date.now()).slice(0, 10);
        const findings = findingsFor(checkPolicy(house, classes, today), classes, filter);
        print(options.json === true ? json(findings) : printFindings(findings, house.policy.version));
        return findings.length === 0 ? 0 : 1;
      }),
    );

  forClass(
    add(
      new Command('diff')
        .description('Who gains and who loses what between two sets of policies')
        .argument('<old>', 'folder with connectors/*/sharing.yaml')
        .argument('<new>', 'the same, as it is to be'),
    ),
  )
    .addOption(new Option('--format <format>').choices(['text', 'json', 'markdown']).default('text'))
    .option('--json', 'the same as --format json')
    .action(
      async (
        older: string,
        newer: string,
        options: ClassOptions & { format: 'text' | 'json' | 'markdown'; json?: boolean },
      ) =>
        report(async (_house, agencies) => {
          const [before, after] = [await houseOf(agencies, older), await houseOf(agencies, newer)];
          const callers = callingAgencies(agencies, before.policy, after.policy);
          const changes = diffPolicies(before, after, accessClasses(callers, classFilter(options, callers)));
          const versions = { before: before.policy.version, after: after.policy.version };
          print(
            options.json === true || options.format === 'json'
              ? json({ ...versions, changes })
              : printDiff(changes, versions, options.format === 'markdown'),
          );
          return changes.length === 0 ? 0 : 1;
        }),
    );

  add(
    new Command('explain')
      .description('What a caller would get for a query: the real evaluator, nothing fetched')
      .argument('<file>', 'file with the query; - for standard input'),
  )
    .requiredOption('--agency <agency>', "the caller's agency")
    .addOption(new Option('--role <role>').choices(roles).makeOptionMandatory())
    .addOption(new Option('--purpose <purpose>').choices(purposes).makeOptionMandatory())
    .option('--operation <name>', 'operation of the file')
    .option('--lines', 'every line of the policies that is weighed, with its place')
    .option('--json', 'print the explanation as JSON')
    .action((file: string, options: Required<ClassOptions> & { operation?: string; lines?: boolean; json?: boolean }) =>
      report(async (house, agencies) => {
        const near = nearAgency(options.agency, callingAgencies(agencies, house.policy));
        if (near !== '') throw new Error(`there is no agency ${options.agency}.${near}`);
        const prepared = prepare(file, options.operation ?? null, house);
        const of = { agency: options.agency, role: options.role, purpose: options.purpose };
        const explanation = explainQuery(prepared, of, house, () => options.lines === true);
        print(options.json === true ? json(explanation) : printExplanation(explanation));
        return 0;
      }),
    );

  add(
    new Command('test')
      .description('Run the expectations beside the policies (connectors/*/sharing.test.yaml)')
      .argument('[files...]', 'other files of expectations'),
  )
    .option('--json', 'print the results as JSON')
    .action((files: readonly string[], options: { json?: boolean }) =>
      report(async (house, agencies) => {
        const named = files.map((f) => ({ path: resolve(f), shownAs: f, exists: true }));
        const paths = named.length > 0 ? named : expectationFiles(projectRoot, [...agencies, 'audit']);
        const results = paths.flatMap(({ path, shownAs, exists }) =>
          exists ? runExpectations(path, shownAs, house) : [withoutExpectations(shownAs)],
        );
        const failed = results.filter((r) => !r.ok);
        if (options.json === true) print(json(results));
        else {
          for (const r of failed)
            print(
              `${r.file}${r.line === null ? '' : `:${r.line}`}: ${r.name}: ${r.subject} is "${r.actual}", expected "${r.expected}"\n`,
            );
          print(`${results.length - failed.length} passed, ${failed.length} failed\n`);
        }
        return failed.length === 0 ? 0 : 1;
      }),
    );

  forClass(add(new Command('matrix').description('Fields by callers, as a table')))
    .option('--owner <agency>', 'fields of this agency only')
    .addOption(new Option('--format <format>').choices(['text', 'csv', 'html', 'json']).default('text'))
    .option('--json', 'the same as --format json')
    .option('--out <file>', 'write there instead of printing')
    .action(
      (
        options: ClassOptions & {
          owner?: string;
          format: 'text' | 'csv' | 'html' | 'json';
          json?: boolean;
          out?: string;
        },
      ) =>
        report(async (house, agencies) => {
          if (options.owner !== undefined) known(options.owner, [...agencies, 'audit']);
          const callers = callingAgencies(agencies, house.policy);
          const matrix = policyMatrix(house, accessClasses(callers, classFilter(options, callers)), options.owner);
          const text = {
            text: () => printMatrix(matrix),
            csv: () => matrixCsv(matrix),
            html: () => matrixHtml(matrix, house.policy.version),
            json: () => json(matrix),
          }[options.json === true ? 'json' : options.format]();
          return deliver(text, options.out);
        }),
    );

  add(new Command('emergency').description('What an emergency (break-glass) opens beyond other purposes, for review'))
    .option('--agency <agency>', "callers of this agency only; '*' for any that no connector stands for")
    .addOption(new Option('--role <role>', 'callers in this role only').choices(roles))
    .addOption(new Option('--format <format>').choices(['text', 'json', 'markdown']).default('text'))
    .option('--json', 'the same as --format json')
    .action((options: Omit<ClassOptions, 'purpose'> & { format: 'text' | 'json' | 'markdown'; json?: boolean }) =>
      report(async (house, agencies) => {
        const named = callingAgencies(agencies, house.policy);
        const callers = accessClasses(named, { ...classFilter(options, named), purpose: 'EMERGENCY' });
        const grants = inOneGo(emergencySteps(house, callers));
        const { version } = house.policy;
        print(
          options.json === true || options.format === 'json'
            ? json({ version, grants })
            : printEmergency(grants, version, options.format === 'markdown'),
        );
        return 0;
      }),
    );

  add(new Command('schema').description('JSON Schema of sharing.yaml, for help in editors'))
    .option('--tests', 'of sharing.test.yaml instead')
    .option('--out <file>', 'write there instead of printing')
    .action((options: { tests?: boolean; out?: string }) =>
      attempt(async () => deliver(json(options.tests === true ? expectationsSchema() : sharingSchema()), options.out)),
    );
  add(replayCommand());
  add(historyCommand());
  return command;
}

function exit({ exitCode, code }: CommanderError): never {
  // Without a verb the help is shown, which helps, but nothing was done.
  process.exit(exitCode === 0 && code !== 'commander.help' ? 0 : 2);
}

function date(text: string): string {
  if (!isDate(text)) throw new InvalidArgumentError('Write a real date as YYYY-MM-DD.');
  return text;
}

/** The query of a file, validated. Throws `ConfigurationError` with every line of it that is wrong. */
function prepare(file: string, operation: string | null, house: House): Prepared {
  const documents = createDocuments(house.schema, loadConfig({}).limits);
  const shownAs = file === '-' ? 'standard input' : file;
  const text = readNamed(file === '-' ? 0 : file, shownAs);
  try {
    return documents.prepare(text, operation, true);
  } catch (error) {
    const errors = error instanceof DocumentErrors ? error.errors : error instanceof GraphQLError ? [error] : [];
    if (errors.length === 0) throw error;
    throw new ConfigurationError(
      errors.map(({ message, locations }): Problem => {
        const line = locations?.[0]?.line;
        return line === undefined ? { file: shownAs, message } : { file: shownAs, line, message };
      }),
    );
  }
}

interface ClassOptions {
  readonly agency?: string;
  readonly role?: Role;
  readonly purpose?: Purpose;
}

function classFilter({ agency, role, purpose }: ClassOptions, agencies: readonly string[]): ClassFilter {
  if (agency !== undefined) known(agency, [...agencies, 'audit', anyOther]);
  return {
    ...(agency === undefined ? {} : { agency }),
    ...(role === undefined ? {} : { role }),
    ...(purpose === undefined ? {} : { purpose }),
  };
}

/** A misspelt name would find nothing, and look like good news. */
function known(agency: string, agencies: readonly string[]): void {
  if (!agencies.includes(agency)) throw new Error(`there is no agency ${agency}.${suggestion(agency, agencies)}`);
}

/** Runs a verb over the configured policies and sets the exit code that it returns. */
function report(verb: (house: House & CheckedPolicy, agencies: readonly string[]) => Promise<0 | 1>): Promise<void> {
  return attempt(async () => {
    const { connectors } = loadConfig(process.env);
    return verb(await houseOf(connectors, projectRoot), connectors);
  });
}

async function attempt(verb: () => Promise<0 | 1>): Promise<void> {
  try {
    process.exitCode = await verb();
  } catch (error) {
    const message =
      error instanceof ConfigurationError
        ? error.message
        : `error: ${error instanceof Error ? error.message : 'unknown failure'}`;
    process.stderr.write(`${message}\n`);
    process.exitCode = 2;
  }
}

/**
 * The policies of a folder. A whole checkout is read with its own schema, since a field's category and kind decide as well;
 * where it holds policies alone, they are read with this installation's.
 */
async function houseOf(agencies: readonly string[], folder: string): Promise<House & CheckedPolicy> {
  const root = resolve(folder);
  const house = await loadHouse(existsSync(join(root, 'schema')) ? root : projectRoot, agencies, root);
  return { ...house, ...checkedPolicy(house) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function deliver(text: string, file: string | undefined): 0 {
  if (file === undefined) print(text);
  else writeFileSync(file, text);
  return 0;
}

function print(text: string): void {
  process.stdout.write(text);
}

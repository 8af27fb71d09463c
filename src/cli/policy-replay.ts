import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readDecisionEntry } from '../audit/read-entry.ts';
import { loadConfig } from '../config/config.ts';
import { openPolicyHistory } from '../policy/history.ts';
import { recompile, replay, type ReplayedField } from '../policy/replay.ts';

interface ReplayOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

/**
 * `lianqiao policy replay`: decides again what an entry of the disclosure log decided, by the policy of that day. Exit
 * codes: 0 all agrees, 1 something does not, 2 used wrongly.
 */
export function replayCommand(): Command {
  return new Command('replay')
    .description('Decide again what a disclosure decided, by the policy of its day')
    .argument('<disclosureNo>', 'entry of the disclosure log')
    .option('--data-dir <folder>', "the hub's data folder (default: LIANQIAO_DATA_DIR)")
    .option('--json', 'print the decisions as JSON')
    .action((disclosureNo: string, options: ReplayOptions) =>
      attempt(() => {
        const folder = dataDir(options);
        const ledger = join(folder, 'ledger.db');
        if (!existsSync(ledger))
          throw new Error(`${folder} holds no ledger.db; name the hub's data folder with --data-dir`);
        const entry = readDecisionEntry(ledger, disclosureNo);
        if (entry === null) throw new Error(`the log has no entry ${disclosureNo}`);
        const version = openPolicyHistory(folder).read(entry.policyVersion);
        if (version === null)
          throw new Error(
            `the policy version ${entry.policyVersion} of this entry is not in ${join(folder, 'policies')}; restore it from a backup`,
          );
        const { policy, facts } = recompile(version);
        const fields = replay(entry, policy, facts);
        const { at, of, policyVersion } = entry;
        if (options.json === true)
          print(`${JSON.stringify({ disclosureNo, at, ...of, policyVersion, fields }, null, 2)}\n`);
        else {
          print(`${disclosureNo} of ${at}: ${of.agency} ${of.role} ${of.purpose ?? '-'}, policy ${policyVersion}\n`);
          for (const field of fields) print(`${line(field)}\n`);
          print(`${summary(fields)}\n`);
        }
        return fields.some((f) => f.agreement === 'DISAGREES') ? 1 : 0;
      }),
    );
}

/** `lianqiao policy history`: the versions that were in force, and since when. */
export function historyCommand(): Command {
  return new Command('history')
    .description('The versions of the policies that were in force, the newest last')
    .option('--data-dir <folder>', "the hub's data folder (default: LIANQIAO_DATA_DIR)")
    .option('--json', 'print the list as JSON')
    .action((options: ReplayOptions) =>
      attempt(() => {
        const changes = openPolicyHistory(dataDir(options)).changes();
        if (options.json === true) print(`${JSON.stringify(changes, null, 2)}\n`);
        else for (const { since, version } of changes) print(`${since}  ${version}\n`);
        return 0;
      }),
    );
}

function line({ coordinate, recorded, rule, agreement, conditions, rows }: ReplayedField): string {
  const by = rule === null ? '' : ` by ${rule}`;
  const on = conditions.length === 0 ? '' : ` (${recorded === 'deny' ? 'unless' : 'if'} ${conditions.join(' & ')})`;
  const of = rows === null || rows === 'all' ? '' : `, of records: ${rows}`;
  return `${agreement.padEnd(11)} ${coordinate}: ${recorded}${by}${on}${of}`;
}

function summary(fields: readonly ReplayedField[]): string {
  const of = (agreement: ReplayedField['agreement']): number => fields.filter((f) => f.agreement === agreement).length;
  return `${of('AGREES')} agree, ${of('CONDITIONAL')} agree on conditions, ${of('DISAGREES')} disagree`;
}

function dataDir({ dataDir: named }: ReplayOptions): string {
  return named ?? loadConfig(process.env).dataDir;
}

function attempt(verb: () => 0 | 1): void {
  try {
    process.exitCode = verb();
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : 'unknown failure'}\n`);
    process.exitCode = 2;
  }
}

function print(text: string): void {
  process.stdout.write(text);
}

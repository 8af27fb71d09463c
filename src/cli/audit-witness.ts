import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { formatLedgerTime } from '../ledger/format/ledger-time.ts';
import { agency as agencyShape } from '../ledger/format/shapes.ts';
import { signerOf, type Signer } from '../ledger/format/signature.ts';
import { readTrustedKeys, type TrustedKey } from '../ledger/format/trusted-keys.ts';
import { makeKeyFile } from '../ledger/keys/log-keys.ts';
import { HubAnswerError, hubLogs, type HubLogs } from '../ledger/witnesses/hub-logs.ts';
import { witnessLogs, type Witnessed } from '../ledger/witnesses/witness-logs.ts';
import { openWitnessState } from '../ledger/witnesses/witness-state.ts';
import { takeProcessLock } from '../ledger/writer/process-lock.ts';
import { usageExit } from './usage-exit.ts';

interface Flags {
  readonly agency: string;
  readonly key: string;
  readonly makeKey?: true;
  readonly hub?: string;
  readonly keys?: string;
  readonly state?: string;
  readonly json?: true;
}

type Wrong = (message: string) => never;

/**
 * `lianqiao audit witness`: what an agency runs to cosign the heads of a hub's ledger. Exit codes: 0 all is well, 1
 * something is found, or the hub does not answer or refuses, 2 used wrongly.
 */
export function witnessCommand(): Command {
  return new Command('witness')
    .description("Cosign the heads of a hub's ledger, each only if it goes on from the last one seen")
    .requiredOption('--agency <name>', 'the agency that witnesses, like police')
    .requiredOption('--key <file>', "the witness's private key: PKCS #8 in PEM, Ed25519")
    .option('--make-key', 'make that file, print what goes into the configuration of the hub, and do no more')
    .option('--hub <url>', "the hub's address")
    .option('--keys <file>', "trusted keys of the logs (`audit keys`), handed over apart; never the hub's word")
    .option('--state <file>', 'keeps the newest head of each log that was cosigned; `audit verify --heads` reads it')
    .option('--json', 'print the result as JSON')
    .allowExcessArguments(false)
    .exitOverride(usageExit)
    .action(async (flags: Flags, command: Command) => {
      const wrong: Wrong = (message) => command.error(`error: ${message}`, { exitCode: 2 });
      if (!agencyShape.safeParse(flags.agency).success) wrong('--agency is the name of an agency, like police');
      if (flags.makeKey === true) makeKey(flags, wrong);
      else await run(flags, wrong);
    });
}

function makeKey({ agency, key }: Flags, wrong: Wrong): void {
  try {
    makeKeyFile(key);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    wrong(`${key} cannot be made (${code ?? 'unknown failure'}); name a file that is not there yet`);
  }
  const signer = signerFrom(key, wrong);
  const from = formatLedgerTime(Date.now());
  process.stdout.write(`ledgerWitnesses:\n  - { agency: ${agency}, public: ${signer.public}, from: '${from}' }\n`);
}

async function run(flags: Flags, wrong: Wrong): Promise<void> {
  const { hub, keys, state, agency, json } = flags;
  if (hub === undefined || keys === undefined || state === undefined)
    return wrong('name --hub URL, --keys FILE and --state FILE; or --make-key');
  const signer = signerFrom(flags.key, wrong);
  const trusted = trustedFrom(keys, wrong);
  const logs = hubFrom(hub, wrong);
  try {
    const release = takeProcessLock(`${state}.lock`);
    // Two that begin at the same state could cosign two histories.
    if (release === null) return fail(`another witness works with ${state}; wait until it has ended`);
    try {
      const seen = await witnessLogs({
        hub: logs,
        agency,
        signer,
        trusted,
        state: openWitnessState(state),
        now: Date.now,
      });
      process.stdout.write(json === true ? `${JSON.stringify(seen)}\n` : described(seen));
      if (seen.some(({ outcome }) => outcome === 'BROKEN' || outcome === 'NO_ANSWER')) process.exitCode = 1;
    } finally {
      release();
    }
  } catch (error) {
    if (error instanceof HubAnswerError) return fail(error.message);
    if (error instanceof SyntaxError)
      return fail(`${error.message}; restore the state from a backup: without it a rollback before now is not seen`);
    const { code } = error as { readonly code?: unknown };
    if (typeof code !== 'string') throw error;
    return fail(`${state} cannot be used (${code}); name a file that can be written with --state`);
  } finally {
    await logs.close();
  }
}

function fail(message: string): void {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 1;
}

function described(seen: readonly Witnessed[]): string {
  const lines = seen.flatMap((one) => {
    switch (one.outcome) {
      case 'BROKEN':
        return one.findings.map(
          ({ code, expected, found }) => `${code} log ${one.log}: expected ${expected}; found ${found}; not cosigned`,
        );
      case 'NO_ANSWER':
        return [`NO_ANSWER log ${one.log}: ${one.message}`];
      case 'NO_HEAD':
        return [`log ${one.log}: no head is signed yet`];
      case 'FIRST_SEEN':
        return [`log ${one.log}: size ${one.size} cosigned; seen for the first time, nothing earlier to compare with`];
      case 'EXTENDED':
        return [`log ${one.log}: size ${one.size} cosigned; it goes on from what was seen before`];
      case 'UNCHANGED':
        return [`log ${one.log}: size ${one.size}, as it was seen before`];
    }
  });
  return lines.map((line) => `${line}\n`).join('');
}

function signerFrom(file: string, wrong: Wrong): Signer {
  try {
    return signerOf(readFileSync(file, 'utf8'));
  } catch {
    return wrong(`${file} holds no private key for Ed25519 (PKCS #8 in PEM); --make-key makes one`);
  }
}

function trustedFrom(file: string, wrong: Wrong): readonly TrustedKey[] {
  try {
    return readTrustedKeys(readFileSync(file, 'utf8'));
  } catch (error) {
    return wrong(
      error instanceof SyntaxError
        ? `${file} is no file of trusted keys: ${error.message}; docs/ledger-format.md shows one`
        : `${file} cannot be read; name a file with --keys`,
    );
  }
}

function hubFrom(address: string, wrong: Wrong): HubLogs {
  try {
    return hubLogs(address);
  } catch {
    return wrong('--hub is an address like http://127.0.0.1:4000');
  }
}

import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { evidenceDocuments } from '../audit/bundle/evidence-documents.ts';
import { gatherEvidence } from '../audit/bundle/gather-evidence.ts';
import { EvidenceError, hubClient } from '../audit/bundle/hub-client.ts';
import { refuseTaken, writeBundle } from '../audit/bundle/write-bundle.ts';
import { verifyBundle } from '../audit/bundle/verify-bundle.ts';
import { formatDateTime } from '../codes/date-time.ts';
import { readLooseDateTime } from '../codes/loose-date-time.ts';
import { loadContract } from '../hub/house.ts';
import { projectRoot } from '../schema/project-root.ts';
import { usageExit } from './usage-exit.ts';

interface Flags {
  readonly out?: string;
  readonly hub: string;
  readonly tokenFile?: string;
  readonly asOf?: string;
  readonly verify?: string;
  readonly digest?: string;
  readonly json?: true;
}

/**
 * `lianqiao audit bundle`: one ticket's evidence as a folder, or whether such a folder is as it was written. Exit codes: 0
 * done, 1 there is no bundle, or it is not as it was, 2 used wrongly.
 */
export function bundleCommand(): Command {
  return new Command('bundle')
    .description('Take away the evidence on one ticket, as an auditor may see it; or verify what was taken')
    .argument('[ticket]', 'number of the ticket')
    .option('--out <folder>', 'write the bundle there; the folder must not exist')
    .option('--hub <url>', "the hub's address", 'http://127.0.0.1:4000')
    .option('--token-file <file>', 'holds the token of the auditor (default: the environment variable LIANQIAO_TOKEN)')
    .option('--as-of <time>', 'disclosures before this time, like 2026-11-23T09:30:00+08:00 (default: now)')
    .option('--verify <folder>', 'compare a bundle with its manifest')
    .option('--digest <sha256>', 'with --verify: the manifest must have this digest')
    .option('--json', 'print the result as JSON')
    .allowExcessArguments(false)
    .exitOverride(usageExit)
    .action((ticketNo: string | undefined, flags: Flags, command: Command) => run(ticketNo, flags, command));
}

async function run(ticketNo: string | undefined, flags: Flags, command: Command): Promise<void> {
  const wrong = (message: string): never => command.error(`error: ${message}`, { exitCode: 2 });
  try {
    if (flags.verify !== undefined) {
      if (ticketNo !== undefined || flags.out !== undefined) wrong('--verify goes with --digest and --json only');
      if (flags.digest !== undefined && !/^[0-9a-f]{64}$/.test(flags.digest)) wrong('--digest is 64 digits of hex');
      await verify(flags.verify, flags);
    } else if (ticketNo === undefined || flags.out === undefined)
      wrong('name the ticket and --out FOLDER, or --verify FOLDER');
    else {
      if (flags.digest !== undefined) wrong('--digest goes with --verify only');
      await take(ticketNo, flags.out, flags, wrong);
    }
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 1;
  }
}

async function take(ticketNo: string, out: string, flags: Flags, wrong: (message: string) => never): Promise<void> {
  const now = formatDateTime(Date.now());
  const asOf = flags.asOf === undefined ? now : timeOf(flags.asOf, wrong);
  if (asOf > now) wrong('--as-of is a time to come; name one that has passed');
  const token = tokenOf(flags, wrong);
  // Before the hub is asked: each answer is a disclosure.
  refuseTaken(out);
  const { schema, facts } = await loadContract(projectRoot, ['hotline']);
  const ask = hubClient(flags.hub, token);
  const evidence = await gatherEvidence(ask, evidenceDocuments(schema, facts), { ticketNo, asOf });
  const manifest = await writeBundle(out, evidence);
  const { subject, files } = evidence;
  if (flags.json === true)
    process.stdout.write(`${JSON.stringify({ ...subject, out, files: files.length, manifest })}\n`);
  else
    process.stdout.write(
      `${subject.ticketNo} as of ${asOf}: ${files.length} files in ${out}\nmanifest SHA-256 ${manifest}\nKeep this digest elsewhere: it proves the whole bundle (--verify ${out} --digest …).\n`,
    );
}

async function verify(folder: string, { digest, json }: Flags): Promise<void> {
  const { faults, manifest } = await verifyBundle(folder, digest);
  if (json === true) process.stdout.write(`${JSON.stringify({ intact: faults.length === 0, manifest, faults })}\n`);
  else {
    for (const { file, fault } of faults) process.stdout.write(`${fault.toLowerCase().padEnd(10)} ${file}\n`);
    if (faults.length === 0) process.stdout.write(`intact; manifest SHA-256 ${String(manifest)}\n`);
  }
  if (faults.length > 0) process.exitCode = 1;
}

function timeOf(text: string, wrong: (message: string) => never): string {
  try {
    if (/[+-]\d{2}:\d{2}$|Z$/.test(text)) return readLooseDateTime(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return wrong('--as-of is a time with its offset, like 2026-11-23T09:30:00+08:00');
}

/** Never from the command line, which every process of the machine can read. */
function tokenOf({ tokenFile }: Flags, wrong: (message: string) => never): string {
  const text = tokenFile === undefined ? (process.env['LIANQIAO_TOKEN'] ?? '') : readToken(tokenFile, wrong);
  const token = text.trim();
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return token;
  const is = token === '' ? 'there is no token' : 'what stands there is no token';
  return wrong(`${is}; put one in LIANQIAO_TOKEN, or in a file and name that with --token-file`);
}

function readToken(file: string, wrong: (message: string) => never): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return wrong(`${file} cannot be read; name the file that holds the token`);
  }
}

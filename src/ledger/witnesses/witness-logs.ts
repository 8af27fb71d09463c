import { fromBase64url } from '../format/base64url.ts';
import { canonicalJson } from '../format/canonical-json.ts';
import { cosign, type SignedHead } from '../format/head.ts';
import { formatLedgerTime } from '../format/ledger-time.ts';
import type { LogId } from '../format/log-id.ts';
import type { Signer } from '../format/signature.ts';
import type { TrustedKey } from '../format/trusted-keys.ts';
import { isConsistent } from '../merkle/verify-proof.ts';
import { findings, type Finding, type Findings } from '../verify/finding.ts';
import { keyring } from '../verify/keyring.ts';
import { HubAnswerError, type HubLogs } from './hub-logs.ts';
import type { WitnessState } from './witness-state.ts';

export interface WitnessOptions {
  readonly hub: HubLogs;
  readonly agency: string;
  readonly signer: Signer;
  /** Trusted keys of the logs, from a hand other than the hub's. */
  readonly trusted: readonly TrustedKey[];
  readonly state: WitnessState;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What became of one log. Only of `BROKEN` nothing is cosigned, and the witness still holds what it saw before. */
export type Witnessed =
  | { readonly log: LogId; readonly outcome: 'FIRST_SEEN' | 'EXTENDED' | 'UNCHANGED'; readonly size: number }
  | { readonly log: LogId; readonly outcome: 'NO_HEAD' }
  /** The hub did not answer as it should; what was cosigned is brought again the next time. */
  | { readonly log: LogId; readonly outcome: 'NO_ANSWER'; readonly message: string }
  | { readonly log: LogId; readonly outcome: 'BROKEN'; readonly findings: readonly Finding[] };

/** By which the hub's clock may be ahead, as verifiers allow it. */
const clockMs = 300_000;

const place = { file: 'hub', line: 1, offset: 0, seq: null } as const;

/**
 * Looks at each log of a hub, and cosigns the heads that go on from what the witness saw before. A head is in the state
 * before its cosignature leaves: a witness that was killed cannot sign two histories. Rejects with `HubAnswerError` where
 * the hub does not tell which logs it has.
 */
export async function witnessLogs(options: WitnessOptions): Promise<readonly Witnessed[]> {
  const { hub, state } = options;
  const listed = await hub.logs();
  const seen: Witnessed[] = [];
  for (const { log, head } of listed)
    seen.push(await orSilent(log, witnessLog(options, log, head, state.heads.get(log) ?? null)));
  for (const [log, known] of state.heads)
    if (!listed.some((one) => one.log === log)) {
      const found = findings();
      found.add('ROLLBACK', place, `a tree of ${known.head.size} entries or more`, 'no such log');
      seen.push({ log, outcome: 'BROKEN', findings: found.list() });
    }
  return seen;
}

/** What is found of one log is told, whatever the hub answers of the next one. */
async function orSilent(log: LogId, seen: Promise<Witnessed>): Promise<Witnessed> {
  try {
    return await seen;
  } catch (error) {
    if (!(error instanceof HubAnswerError)) throw error;
    return { log, outcome: 'NO_ANSWER', message: error.message };
  }
}

async function witnessLog(
  { hub, agency, signer, trusted, state, now }: WitnessOptions,
  log: LogId,
  listed: SignedHead | null,
  known: SignedHead | null,
): Promise<Witnessed> {
  const found = findings();
  const broken = (): Witnessed => ({ log, outcome: 'BROKEN', findings: found.list() });
  if (listed === null) {
    if (known === null) return { log, outcome: 'NO_HEAD' };
    found.add('ROLLBACK', place, `a tree of ${known.head.size} entries or more`, 'no head');
    return broken();
  }
  const { head: signed, proof } =
    known !== null && listed.head.size > known.head.size
      ? await hub.consistency(log, known.head.size)
      : { head: listed, proof: [] };
  checkHead(signed, { log, trusted, latest: now() + clockMs, found });
  if (known !== null) checkHistory(known, signed, proof, found);
  if (found.list().length > 0) return broken();

  const isSame = known !== null && canonicalJson(known.head).equals(canonicalJson(signed.head));
  const kept = isSame ? known.cosignatures.find(({ key }) => key === signer.id) : undefined;
  const cosignature = kept ?? cosign(signed.head, { agency, at: formatLedgerTime(now()) }, signer);
  if (kept === undefined) state.keep({ ...signed, cosignatures: [cosignature] });
  if (!signed.cosignatures.some(({ key }) => key === signer.id)) await hub.bring(signed.head, cosignature);
  const { size } = signed.head;
  return { log, outcome: known === null ? 'FIRST_SEEN' : size > known.head.size ? 'EXTENDED' : 'UNCHANGED', size };
}

interface HeadCheck {
  readonly log: LogId;
  readonly trusted: readonly TrustedKey[];
  /** Epoch milliseconds. */
  readonly latest: number;
  readonly found: Findings;
}

function checkHead(signed: SignedHead, { log, trusted, latest, found }: HeadCheck): void {
  const { head } = signed;
  if (head.log !== log) found.add('WRONG_LOG', place, `log ${log}`, `log ${head.log}`);
  // What other witnesses signed is for verifiers: this one need not know their keys.
  keyring(trusted, log, found).checkHead({ ...signed, cosignatures: [] }, place);
  const last = formatLedgerTime(latest);
  if (head.at > last) found.add('FROM_FUTURE', place, `${last} at the latest`, head.at);
}

function checkHistory(
  { head: before }: SignedHead,
  { head }: SignedHead,
  proof: readonly Buffer[],
  found: Findings,
): void {
  if (head.size < before.size) {
    found.add('ROLLBACK', place, `a tree of ${before.size} entries or more`, `one of ${head.size}`);
    return;
  }
  const [rootBefore, root] = [fromBase64url(before.root), fromBase64url(head.root)];
  if (!isConsistent({ before: before.size, size: head.size, rootBefore, root, proof }))
    found.add(
      'FORK',
      place,
      `a tree that begins with root ${before.root} of size ${before.size}`,
      `root ${head.root} of size ${head.size}`,
    );
  if (head.at < before.at) found.add('CLOCK_BACK', place, `${before.at} or later`, head.at);
}

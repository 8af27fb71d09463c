import { fromBase64url } from '../format/base64url.ts';
import { readCanonicalJson } from '../format/canonical-json.ts';
import { readEnvelope } from '../format/entry.ts';
import { formatLedgerTime } from '../format/ledger-time.ts';
import type { LogId } from '../format/log-id.ts';
import { receiptShape, type Receipt } from '../format/receipt.ts';
import type { TrustedKey } from '../format/trusted-keys.ts';
import { leafHash } from '../merkle/hash.ts';
import { isIncluded } from '../merkle/verify-proof.ts';
import { findings, type Finding, type Findings, type Place } from './finding.ts';
import { keyring } from './keyring.ts';
import { CLOCK_TOLERANCE_MS, verdictOf, type Verdict } from './verdict.ts';

export interface ReceiptOptions {
  readonly keys: readonly TrustedKey[] | null;
  /** The log that it should be of; any unless given. */
  readonly log?: LogId;
  /** The verifier's clock, milliseconds since 1970. Default now. */
  readonly now?: number;
}

export interface ReceiptReport {
  readonly verdict: Verdict;
  readonly log: string | null;
  readonly seq: number | null;
  readonly findings: readonly Finding[];
}

/** Verifies a receipt's bytes, without its newline. Never throws. */
export function verifyReceipt(bytes: Buffer, { keys, log, now = Date.now() }: ReceiptOptions): ReceiptReport {
  const found = findings();
  const place: Place = { file: 'receipt', line: 1, offset: 0, seq: null };
  const json = readCanonicalJson(bytes);
  const { data: receipt } = receiptShape.safeParse(json?.value);
  if (receipt === undefined) found.add('MALFORMED', place, 'a receipt of version 1 in canonical JSON', 'other bytes');
  else check(receipt, { ...place, seq: receipt.seq }, found, { keys, log: log ?? receipt.head.head.log, now });
  const list = found.list();
  return {
    verdict: verdictOf({ findings: list.length, trusted: keys !== null }),
    log: receipt?.head.head.log ?? null,
    seq: receipt?.seq ?? null,
    findings: list,
  };
}

function check(
  { entry, head: signed, leaf, proof, seq }: Receipt,
  place: Place,
  found: Findings,
  { keys, log, now }: Required<ReceiptOptions>,
): void {
  const { head } = signed;
  const latest = formatLedgerTime(now + CLOCK_TOLERANCE_MS);
  if (head.log !== log) found.add('WRONG_LOG', place, `log ${log}`, `log ${head.log}`);
  keyring(keys, head.log, found).checkHead(signed, place);
  for (const time of [head.at, ...signed.cosignatures.map(({ at }) => at)])
    if (time > latest) found.add('FROM_FUTURE', place, `${latest} at the latest`, time);
  if (entry !== null) checkEntry(Buffer.from(entry, 'utf8'), { leaf, seq, head }, place, found);
  const sides = { leaf: fromBase64url(leaf), root: fromBase64url(head.root), proof: proof.map(fromBase64url) };
  if (!isIncluded({ index: seq, size: head.size, ...sides }))
    found.add('PROOF_INVALID', place, `a proof that leads from entry ${seq} to the head's root`, 'another proof');
}

function checkEntry(
  bytes: Buffer,
  { leaf, seq, head }: Pick<Receipt, 'leaf' | 'seq'> & { head: Receipt['head']['head'] },
  place: Place,
  found: Findings,
): void {
  const envelope = readEnvelope(bytes);
  if (envelope === null || readCanonicalJson(bytes) === null)
    found.add('MALFORMED', place, 'an entry with its envelope, version 1', 'another text');
  else if (envelope.log !== head.log) found.add('WRONG_LOG', place, `an entry of log ${head.log}`, envelope.log);
  else if (envelope.seq !== seq) found.add('PROOF_INVALID', place, `the entry of seq ${seq}`, `seq ${envelope.seq}`);
  else if (envelope.at > head.at) found.add('CLOCK_BACK', place, `a head of ${envelope.at} or later`, head.at);
  if (!leafHash(bytes).equals(fromBase64url(leaf)))
    found.add('PROOF_INVALID', place, 'an entry with this leaf hash', 'another entry');
}

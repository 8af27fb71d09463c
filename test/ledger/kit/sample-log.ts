import { generateKeyPairSync } from 'node:crypto';
import { toBase64url } from '../../../src/ledger/format/base64url.ts';
import { commit, type Opening } from '../../../src/ledger/format/commitment.ts';
import { encodeEntry, type EntryKind } from '../../../src/ledger/format/entry.ts';
import { encodeHead, encodeHeader, encodeOpening, EXPORT_FORMAT } from '../../../src/ledger/format/export-lines.ts';
import { cosign, signHead, type SignedHead } from '../../../src/ledger/format/head.ts';
import { introduceKey } from '../../../src/ledger/format/key-introduction.ts';
import { formatLedgerTime, type LedgerTime } from '../../../src/ledger/format/ledger-time.ts';
import type { LogId } from '../../../src/ledger/format/log-id.ts';
import { signerOf, type Signer } from '../../../src/ledger/format/signature.ts';
import type { TrustedKey } from '../../../src/ledger/format/trusted-keys.ts';
import { compactRange, type CompactRange } from '../../../src/ledger/merkle/compact-range.ts';
import { leafHash } from '../../../src/ledger/merkle/hash.ts';

export const newSigner = (): Signer =>
  signerOf(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);

/** Monday 09:00 in Fuzhou. */
export const START = Date.parse('2026-11-23T09:00:00+08:00');
export const timeAt = (seconds: number): LedgerTime => formatLedgerTime(START + seconds * 1000);
export const LOG = '5c1f3c1e-8a2b-4d3e-9f10-6f2b7a1c0d4e' as LogId;
export const OTHER_LOG = '00000000-8a2b-4d3e-9f10-6f2b7a1c0d4e' as LogId;

export interface SampleLog {
  /** Lines of an export from `first`, without newlines. */
  readonly lines: (first?: number) => Buffer[];
  readonly entries: readonly Buffer[];
  readonly keys: readonly TrustedKey[];
  readonly heads: readonly SignedHead[];
  readonly signer: Signer;
  readonly witness: Signer;
  readonly ranges: readonly { readonly size: number; readonly nodes: readonly Buffer[] }[];
}

export interface SampleOptions {
  readonly log?: LogId;
  readonly openings?: boolean;
  /** Entries between two heads. */
  readonly headEach?: number;
  readonly signer?: Signer;
  readonly witness?: Signer;
}

/**
 * A log as a hub writes it, a second between entries: intents and outcomes with two commitments each; every seventh entry is
 * an administrator's; entry 5 brings the next key, which signs from entry 10 on; entry 9 erases the opening of entry 1.
 */
export function sampleLog(size: number, options: SampleOptions = {}): SampleLog {
  const { log = LOG, openings = true, headEach = 4, signer = newSigner(), witness = newSigner() } = options;
  const next = newSigner();
  const change = timeAt(10);
  const entries: Buffer[] = [];
  const opened = new Map<number, Opening[]>();
  const heads: SignedHead[] = [];
  const range: CompactRange = compactRange();
  const ranges = [{ size: 0, nodes: range.nodes() }];
  let intent: number | null = null;
  let erasable: Opening | undefined;

  const body = (seq: number): [EntryKind, Record<string, unknown>] => {
    if (seq === 5) return ['KEY', { ...introduceKey({ log, key: next, from: change, until: null }, signer) }];
    if (seq === 9 && erasable !== undefined)
      return ['ERASURE', { erased: [{ seq: erasable.seq, commitment: erasable.commitment }], reason: '本人申请' }];
    if (seq % 7 === 6) return ['ADMIN', { action: 'RELOAD', note: `第 ${seq} 次` }];
    const opening = commit(seq, `13800138${String(seq).padStart(3, '0')}`);
    const other = commit(seq, `林 ${seq}`);
    if (openings) opened.set(seq, [opening, other]);
    if (openings && seq === 1 && size > 9) {
      erasable = opening;
      opened.set(seq, [other]);
    }
    const facts = {
      caller: openings ? opening.commitment : 'police-1',
      names: openings ? [other.commitment] : [],
      fields: ['Ticket.status'],
      热线: '12345',
    };
    if (intent === null) {
      intent = seq;
      return ['INTENT', facts];
    }
    const of = intent;
    intent = null;
    return ['OUTCOME', { ...facts, intent: of }];
  };
  const head = (): void => {
    const at = timeAt(range.size);
    const by = at < change ? signer : next;
    const signed = signHead({ log, size: range.size, root: range.root(), at }, by);
    heads.push({ ...signed, cosignatures: [cosign(signed.head, { agency: 'police', at }, witness)] });
  };
  for (let seq = 0; seq < size; seq += 1) {
    const [kind, facts] = body(seq);
    const bytes = encodeEntry({ at: timeAt(seq), body: facts, kind, log, seq });
    entries.push(bytes);
    range.append(leafHash(bytes));
    ranges.push({ size: seq + 1, nodes: range.nodes() });
    if ((seq + 1) % headEach === 0 && seq + 1 < size) head();
  }
  head();

  return {
    lines(first = 0) {
      const own = heads.filter(({ head: { size: covered } }) => covered >= first);
      const headsOf = (covered: number): Buffer[] => own.filter((h) => h.head.size === covered).map(encodeHead);
      const nodes = ranges[first]?.nodes ?? [];
      return [
        encodeHeader({
          first,
          format: EXPORT_FORMAT,
          heads: own.length,
          log,
          openings,
          range: nodes.map(toBase64url),
          size,
          v: 1,
        }),
        ...headsOf(first),
        ...entries.slice(first).flatMap((bytes, at) => {
          const openingLines = (opened.get(first + at) ?? [])
            .toSorted((a, b) => (a.commitment < b.commitment ? -1 : 1))
            .map(encodeOpening);
          return [bytes, ...openingLines, ...headsOf(first + at + 1)];
        }),
      ];
    },
    entries,
    heads,
    signer,
    witness,
    ranges,
    keys: trust(log, signer, witness, timeAt(12)),
  };
}

/** The first key of a log and a witness, as a verifier is told of them. */
export function trust(log: LogId, signer: Signer, witness: Signer, until: LedgerTime | null): TrustedKey[] {
  const from = timeAt(0);
  const facts = ({ id, alg, public: publicKey }: Signer) => ({ id, alg, public: publicKey, from });
  return [
    { use: 'log', log, ...facts(signer), until },
    { use: 'witness', agency: 'police', ...facts(witness), until: null },
  ];
}

export const fileOf = (lines: readonly Buffer[]): Buffer =>
  Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));

import { createPrivateKey } from 'node:crypto';
import { toBase64url } from '../../../src/ledger/format/base64url.ts';
import { commitmentOf, type Opening } from '../../../src/ledger/format/commitment.ts';
import { encodeEntry } from '../../../src/ledger/format/entry.ts';
import { encodeHead, encodeHeader, encodeOpening, EXPORT_FORMAT } from '../../../src/ledger/format/export-lines.ts';
import { cosign, signHead } from '../../../src/ledger/format/head.ts';
import { encodeReceipt } from '../../../src/ledger/format/receipt.ts';
import { signerOf } from '../../../src/ledger/format/signature.ts';
import { compactRange } from '../../../src/ledger/merkle/compact-range.ts';
import { leafHash } from '../../../src/ledger/merkle/hash.ts';
import { LOG, timeAt, trust } from './sample-log.ts';

/** PKCS #8 of an Ed25519 key of this seed. */
const signer = (seed: Buffer) => {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return signerOf(key.export({ format: 'pem', type: 'pkcs8' }) as string);
};

/** The example of docs/ledger-format.md: nothing in it is random. */
export function example() {
  const [hub, police] = [signer(Buffer.alloc(32, 1)), signer(Buffer.alloc(32, 2))];
  const salt = toBase64url(Buffer.alloc(16, 3));
  const value = '13800138000';
  const opening: Opening = { commitment: commitmentOf(salt, value), salt, seq: 0, value };
  const facts = { log: LOG, at: timeAt(0) };
  const entries = [
    encodeEntry({ ...facts, kind: 'INTENT', seq: 0, body: { purpose: 'HANDLING', reporter: opening.commitment } }),
    encodeEntry({ ...facts, kind: 'OUTCOME', seq: 1, body: { disclosed: ['Ticket.status'], intent: 0 } }),
    encodeEntry({ log: LOG, at: timeAt(1), kind: 'ADMIN', seq: 2, body: { action: '重新加载' } }),
  ];
  const leaves = entries.map(leafHash);
  const range = compactRange();
  for (const leaf of leaves) range.append(leaf);
  const signed = signHead({ log: LOG, size: 3, root: range.root(), at: timeAt(2) }, hub);
  const head = { ...signed, cosignatures: [cosign(signed.head, { agency: 'police', at: timeAt(3) }, police)] };
  const header = encodeHeader({
    first: 0,
    format: EXPORT_FORMAT,
    heads: 1,
    log: LOG,
    openings: true,
    range: [],
    size: 3,
    v: 1,
  });
  const [first, ...rest] = entries as [Buffer, ...Buffer[]];
  const [left] = range.nodes() as [Buffer];
  return {
    lines: [header, first, encodeOpening(opening), ...rest, encodeHead(head)],
    keys: { v: 1, keys: trust(LOG, hub, police, null) },
    hashes: [...leaves, left, range.root()].map((hash) => hash.toString('hex')),
    receipt: encodeReceipt({ seq: 2, leaf: leaves[2] as Buffer, entry: entries[2] as Buffer, proof: [left], head }),
  };
}

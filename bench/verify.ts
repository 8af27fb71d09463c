import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, openSync, rmSync, statSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeEntry } from '../src/ledger/format/entry.ts';
import { encodeHead, encodeHeader, EXPORT_FORMAT } from '../src/ledger/format/export-lines.ts';
import { signHead } from '../src/ledger/format/head.ts';
import { formatLedgerTime } from '../src/ledger/format/ledger-time.ts';
import type { LogId } from '../src/ledger/format/log-id.ts';
import { signerOf, type Signer } from '../src/ledger/format/signature.ts';
import { compactRange } from '../src/ledger/merkle/compact-range.ts';
import { leafHash } from '../src/ledger/merkle/hash.ts';
import { verifyExport, type ExportReport } from '../src/ledger/verify/verify-export.ts';
import { bar, median, type Bar } from './figures.ts';

export interface VerifyFigures {
  readonly entries: number;
  /** Mean bytes of an entry. */
  readonly entryBytes: number;
  /** Entries a second, of wall time: median, lowest and highest round. */
  readonly rate: number;
  readonly rateFrom: number;
  readonly rateTo: number;
  /** CPU microseconds an entry, of all threads. */
  readonly cpu: number;
  /** Largest resident size of the process afterwards, MB. */
  readonly residentMb: number;
  readonly bar: Bar;
}

/** Verifies one generated export again and again: an intent and an outcome in turn, with a head each thousand entries. */
export async function measureVerify(options: { entries: number; rounds: number }): Promise<VerifyFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-bench-'));
  try {
    const path = join(folder, 'export.jsonl');
    const log = randomUUID() as LogId;
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    const signer = signerOf(pem);
    writeExport(path, options.entries, log, signer);
    const from = formatLedgerTime(0);
    const { id, alg, public: publicKey } = signer;
    const keys = [{ use: 'log', log, id, alg, public: publicKey, from, until: null } as const];
    const rounds: { rate: number; cpu: number }[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      const [cpu, started] = [process.cpuUsage(), performance.now()];
      const report = await verifyExport(path, { keys });
      const { user, system } = process.cpuUsage(cpu);
      refuseOther(report, options.entries);
      rounds.push({
        rate: (options.entries / (performance.now() - started)) * 1000,
        cpu: (user + system) / options.entries,
      });
    }
    const rates = rounds.map(({ rate }) => rate);
    const rate = median(rates);
    return {
      entries: options.entries,
      entryBytes: statSync(path).size / options.entries,
      rate,
      rateFrom: Math.min(...rates),
      rateTo: Math.max(...rates),
      cpu: median(rounds.map((r) => r.cpu)),
      residentMb: process.resourceUsage().maxRSS / 1024,
      bar: bar('ledger entries verified a second', rate, 100_000, 'least'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function refuseOther({ verdict, entries }: ExportReport, expected: number): void {
  if (verdict !== 'VERIFIED' || entries !== expected) throw new Error(`the export is ${verdict}: nothing to measure`);
}

const HEAD_EACH = 1000;

function writeExport(path: string, size: number, log: LogId, signer: Signer): void {
  const file = openSync(path, 'w');
  const line = (bytes: Buffer): number => writeSync(file, Buffer.concat([bytes, Buffer.from('\n')]));
  const started = Date.now() - size - 1000;
  const range = compactRange();
  const heads = Math.ceil(size / HEAD_EACH);
  try {
    line(encodeHeader({ first: 0, format: EXPORT_FORMAT, heads, log, openings: false, range: [], size, v: 1 }));
    for (let seq = 0; seq < size; seq += 1) {
      const at = formatLedgerTime(started + seq);
      const bytes = encodeEntry({ at, body: bodyOf(seq), kind: seq % 2 === 0 ? 'INTENT' : 'OUTCOME', log, seq });
      line(bytes);
      range.append(leafHash(bytes));
      if ((seq + 1) % HEAD_EACH === 0 || seq + 1 === size)
        line(encodeHead(signHead({ log, size: seq + 1, root: range.root(), at }, signer)));
    }
  } finally {
    closeSync(file);
  }
}

/** About 1.5 kB with its envelope, as an answer of twenty tickets leaves. */
function bodyOf(seq: number): Record<string, unknown> {
  const ids = Array.from({ length: 20 }, (_, at) => `12345:20261123${String(seq * 20 + at).padStart(10, '0')}`);
  return {
    agency: 'police',
    denied: ['Ticket.maintenanceFund', 'Ticket.content'],
    documentHash: String(seq).padStart(64, '0'),
    durationMs: seq % 100,
    ...(seq % 2 === 0 ? {} : { intent: seq - 1 }),
    masked: [{ coordinate: 'Ticket.reporterPhone', rule: 'police.HANDLING' }],
    policyVersion: 'f5b50ba2c1',
    purpose: 'HANDLING',
    records: [{ fields: ['address', 'leadAgency', 'status', 'ticketNo', 'title', 'type'], ids, type: 'Ticket' }],
    role: 'SYSTEM',
    subject: 'police-350102',
    text: '福州市鼓楼区'.repeat(20),
  };
}

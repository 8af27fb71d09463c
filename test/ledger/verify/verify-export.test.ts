import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../src/ledger/format/canonical-json.ts';
import { encodeEntry } from '../../../src/ledger/format/entry.ts';
import { encodeHead } from '../../../src/ledger/format/export-lines.ts';
import { signHead } from '../../../src/ledger/format/head.ts';
import { compactRange } from '../../../src/ledger/merkle/compact-range.ts';
import { leafHash } from '../../../src/ledger/merkle/hash.ts';
import type { ExportOptions, ExportReport } from '../../../src/ledger/verify/verify-export.ts';
import { verifyBoth } from '../kit/both-verifiers.ts';
import { tamper, tampering } from '../kit/tampering.ts';
import { fileOf, LOG, newSigner, OTHER_LOG, sampleLog, START, timeAt, trust } from '../kit/sample-log.ts';

const home = mkdtempSync(join(tmpdir(), 'lianqiao-ledger-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const now = START + 3_600_000;
const log = sampleLog(24);

async function verify(file: Buffer, options: Partial<ExportOptions> = {}): Promise<ExportReport> {
  const path = join(home, 'export.jsonl');
  writeFileSync(path, file);
  return verifyBoth(path, { keys: log.keys, now, ...options });
}

const codesOf = (report: ExportReport): string[] => report.findings.map(({ code, line }) => `${code} ${line}`);
const found = async (lines: readonly Buffer[], options?: Partial<ExportOptions>): Promise<string[]> => {
  const report = await verify(fileOf(lines), options);
  expect(report.verdict).toBe('BROKEN');
  return codesOf(report);
};
/** Index of the line of this entry. */
const lineOf = (lines: readonly Buffer[], seq: number): number =>
  lines.findIndex((l) => l.equals(log.entries[seq] as Buffer));
/** Whatever lines have, as it is changed. */
interface Draft {
  at: string;
  log: string;
  v: number;
  size: number;
  heads: number;
  openings: boolean;
  signature: string;
  readonly body: { fields: string[]; signature: string };
  readonly opening: { salt: string; value: string };
  readonly cosignatures: { agency: string; at: string }[];
}

const edit = (line: Buffer | undefined, change: (value: Draft) => void): Buffer => {
  const value = JSON.parse(String(line)) as Draft;
  change(value);
  return canonicalJson(value);
};

describe('an untouched export', () => {
  test('is verified, and says what is open', async () => {
    const report = await verify(fileOf(log.lines()));
    expect(report).toMatchObject({
      verdict: 'VERIFIED',
      log: LOG,
      first: 0,
      size: 24,
      entries: 24,
      heads: 6,
      findings: [],
      unfinished: { count: 1, seqs: [23] },
    });
    expect(report.root).toBe(log.heads.at(-1)?.head.root);
  });

  test('of any size, from any entry, is verified, strictly as well', async () => {
    for (let size = 0; size <= 20; size += 1)
      for (let first = 0; first <= size; first += 3) {
        const other = sampleLog(size, { headEach: 3, openings: size % 2 === 0 });
        // A segment knows only keys that its verifier trusts or that it introduces itself.
        if (first > 5 && size >= 10) continue;
        expect(await verify(fileOf(other.lines(first)), { keys: other.keys, strict: true })).toMatchObject({
          verdict: 'VERIFIED',
          findings: [],
        });
      }
  });

  test('without trusted keys is consistent only', async () => {
    expect(await verify(fileOf(log.lines()), { keys: null })).toMatchObject({
      verdict: 'CONSISTENT_ONLY',
      findings: [],
    });
  });

  test('agrees with the heads that witnesses kept', async () => {
    const heads = fileOf(log.heads.map(encodeHead));
    expect(await verify(fileOf(log.lines()), { heads })).toMatchObject({ verdict: 'VERIFIED', compared: 6 });
  });
});

test('an export that was tampered with is found broken, whatever was done to it', { timeout: 240_000 }, async () => {
  const lines = log.lines();
  await fc.assert(
    fc.asyncProperty(tampering, async (t) => {
      const report = await verify(tamper(lines, t));
      expect(report.verdict).toBe('BROKEN');
      expect(report.findings.length).toBeGreaterThan(0);
    }),
    { seed: 6, numRuns: 3000 },
  );
});

describe('each finding says what and where', () => {
  const lines = log.lines();
  const at = (seq: number): number => lineOf(lines, seq);
  const entry = (seq: number): Buffer => lines[at(seq)] as Buffer;
  const withLast = (line: Buffer): Buffer[] => [...lines.slice(0, -1), line];
  /** Lines with this entry replaced. */
  const withEntry = (seq: number, change: (value: Draft) => void): Buffer[] =>
    lines.with(at(seq), edit(entry(seq), change));

  test('a changed entry, between two heads', async () => {
    expect(await found(withEntry(12, (e) => (e.body.fields = [])))).toEqual([
      `ROOT_MISMATCH ${lines.findIndex((l) => l.includes('"size":16')) + 1}`,
    ]);
  });
  test('a dropped, a doubled and two swapped entries', async () => {
    const admin = at(13);
    expect(await found(lines.toSpliced(admin, 1))).toEqual([`SEQ_GAP ${admin + 1}`]);
    expect(await found(lines.toSpliced(admin, 0, entry(13)))).toEqual([`SEQ_DUPLICATE ${admin + 2}`]);
    const swapped = lines.toSpliced(admin, 1).toSpliced(admin + 1, 0, entry(13));
    expect(await found(swapped)).toContain(`SEQ_GAP ${admin + 1}`);
  });
  test('an entry cut out of the file, and one that is no entry', async () => {
    expect(await found(lines.with(at(13), Buffer.from('{"at":"now"}')))).toEqual([`MALFORMED ${at(13) + 1}`]);
    expect(await found(lines.with(at(13), Buffer.from('热线')))).toEqual([`MALFORMED ${at(13) + 1}`]);
    expect(await found(lines.with(at(13), Buffer.from('{"at":')))).toEqual([`MALFORMED ${at(13) + 1}`]);
  });
  test('a clock set back, and a time to come', async () => {
    expect(await found(withEntry(13, (e) => (e.at = timeAt(2))))).toContain(`CLOCK_BACK ${at(13) + 1}`);
    expect(await found(lines, { now: START - 300_001 + 23_000 })).toContain(`FROM_FUTURE ${at(23) + 1}`);
    expect((await verify(fileOf(lines), { now: START - 300_000 + 30_000 })).verdict).toBe('VERIFIED');
  });
  test('an entry of another log, and an export of another log', async () => {
    expect(await found(withEntry(13, (e) => (e.log = OTHER_LOG)))).toContain(`WRONG_LOG ${at(13) + 1}`);
    const other = sampleLog(12, { log: OTHER_LOG });
    expect(await found(other.lines())).toContain(
      `UNKNOWN_KEY ${other.lines().findIndex((l) => l.includes('"cosig')) + 1}`,
    );
    const foreign = withLast(other.lines().at(-1) as Buffer);
    expect(await found(foreign)).toContain(`WRONG_LOG ${lines.length}`);
  });
  test('a file that ends too soon', async () => {
    expect(await found([])).toEqual(['TRUNCATED 1']);
    expect(await found(lines.slice(0, at(20)))).toContain(`TRUNCATED ${at(20) + 1}`);
    expect(await found(lines.slice(0, -1))).toEqual([`HEAD_MISSING ${lines.length}`]);
    expect(codesOf(await verify(fileOf(lines).subarray(0, -1)))).toContain(`TRUNCATED ${lines.length}`);
  });
  test('more than the header says', async () => {
    const more = edit(lines[0], (h) => ((h.size = 20), (h.heads = 5)));
    expect(await found(lines.with(0, more))).toContain(`BEYOND_SIZE ${at(20) + 1}`);
  });
  test('two heads of a size, and one after entries that it does not cover', async () => {
    const counted = edit(lines[0], (h) => (h.heads = 7));
    const more = (at: number, head: Buffer | undefined): Buffer[] => [
      counted,
      ...lines.slice(1).toSpliced(at - 1, 0, head as Buffer),
    ];
    expect(await found(more(lines.length, lines.at(-1)))).toEqual([`HEAD_MISPLACED ${lines.length + 1}`]);
    const first = encodeHead(log.heads[0] as (typeof log.heads)[number]);
    expect(await found(more(at(13), first))).toContain(`HEAD_MISPLACED ${at(13) + 1}`);
  });
  test('a header that is none, and one of another version', async () => {
    expect(await found(lines.slice(1))).toEqual(['MALFORMED 1']);
    expect(
      await found(
        lines.with(
          0,
          edit(lines[0], (h) => (h.v = 2)),
        ),
      ),
    ).toEqual(['MALFORMED 1']);
  });
  test('signatures: changed, of another key, of a key outside its time', async () => {
    const last = lines.length;
    const bent = edit(lines.at(-1), (h) => (h.signature = `A${h.signature.slice(1)}`));
    expect(await found(withLast(bent))).toEqual([`HEAD_SIGNATURE ${last}`]);
    const { head } = log.heads.at(-1) as (typeof log.heads)[number];
    const facts = { log: LOG, size: 24, root: Buffer.from(head.root, 'base64url'), at: head.at };
    expect(await found(withLast(encodeHead(signHead(facts, newSigner()))))).toEqual([`UNKNOWN_KEY ${last}`]);
    expect(await found(withLast(encodeHead(signHead(facts, log.signer))))).toEqual([`KEY_NOT_VALID_THEN ${last}`]);
    const swapped = edit(lines.at(-1), (h) => h.cosignatures.forEach((c) => (c.agency = 'grid')));
    expect(await found(withLast(swapped))).toEqual([`UNKNOWN_KEY ${last}`]);
    const old = edit(lines.at(-1), (h) => h.cosignatures.forEach((c) => (c.at = timeAt(30))));
    expect(await found(withLast(old))).toEqual([`COSIGNATURE ${last}`]);
    expect(await found(lines, { keys: trust(LOG, newSigner(), log.witness, null) })).toContain(`UNKNOWN_KEY ${last}`);
  });
  test('a key that nobody introduced rightly', async () => {
    const bent = withEntry(5, (e) => (e.body.signature = `A${e.body.signature.slice(1)}`));
    expect(await found(bent)).toContain(`KEY_INTRODUCTION ${at(5) + 1}`);
  });
  test('openings: another salt, another value, none, one too many, one that was to be erased', async () => {
    const first = lines.findIndex((l) => l.includes('"opening"') && l.includes('"seq":4'));
    const salted = edit(lines[first], (o) => (o.opening.salt = 'AAAAAAAAAAAAAAAAAAAAAA'));
    expect(await found(lines.with(first, salted))).toEqual([`COMMITMENT_MISMATCH ${first + 1}`]);
    const other = edit(lines[first], (o) => (o.opening.value = '13900139000'));
    const report = await verify(fileOf(lines.with(first, other)));
    expect(codesOf(report)).toEqual([`COMMITMENT_MISMATCH ${first + 1}`]);
    expect(JSON.stringify(report)).not.toMatch(/1[38]900139|13800138/);
    expect(await found(lines.toSpliced(first, 1))).toEqual([`OPENING_MISSING ${at(4) + 1}`]);
    expect(await found(lines.toSpliced(first, 0, lines[first] as Buffer))).toEqual([`OPENING_UNKNOWN ${first + 2}`]);
    const closed = edit(lines[0], (h) => (h.openings = false));
    expect(await found(lines.with(0, closed))).toContain('OPENING_UNKNOWN 3');
  });
  test('heads of witnesses: a fork, a larger tree, another log', async () => {
    const facts = { log: LOG, at: timeAt(8), root: Buffer.alloc(32, 7) };
    const fork = signHead({ ...facts, size: 8 }, log.signer);
    expect(await found(lines, { heads: fileOf([encodeHead(fork)]) })).toEqual(['FORK 1']);
    const larger = signHead({ ...facts, size: 99 }, log.signer);
    const heads = fileOf([encodeHead(larger)]);
    expect(await found(lines, { heads })).toEqual(['ROLLBACK 1']);
    expect((await verify(fileOf(lines), { heads, segment: true })).verdict).toBe('VERIFIED');
    const other = fileOf(sampleLog(3, { log: OTHER_LOG }).heads.map(encodeHead));
    expect(await found(lines, { heads: other })).toEqual(['WRONG_LOG 1']);
    expect(await found(lines, { heads: Buffer.from('no head\n') })).toContain('MALFORMED 1');
  });

  /** A log of entries that a writer with the right key signed, however wrong they are. */
  const signed = (...entries: Buffer[]): Buffer[] => {
    const range = compactRange();
    for (const bytes of entries) range.append(leafHash(bytes));
    const head = signHead({ log: LOG, size: range.size, root: range.root(), at: timeAt(9) }, log.signer);
    const header = edit(lines[0], (h) => void Object.assign(h, { heads: 1, size: range.size }));
    return [header, ...entries, encodeHead(head)];
  };
  const facts = { at: timeAt(1), log: LOG, body: {}, seq: 0 };
  const intent = encodeEntry({ ...facts, kind: 'INTENT' });
  const outcome = (seq: number): Buffer => encodeEntry({ ...facts, kind: 'OUTCOME', seq, body: { intent: 0 } });

  test('two outcomes of one intent', async () => {
    expect((await verify(fileOf(signed(intent, outcome(1))))).verdict).toBe('VERIFIED');
    expect(await found(signed(intent, outcome(1), outcome(2)))).toEqual(['OUTCOME_WITHOUT_INTENT 4']);
  });
  test('a body that is not canonical, when asked to look', async () => {
    const loose = Buffer.from(String(intent).replace('{}', '{"b":1, "a":2}'));
    expect((await verify(fileOf(signed(loose)))).verdict).toBe('VERIFIED');
    expect(await found(signed(loose), { strict: true })).toEqual(['NOT_CANONICAL 2']);
  });
  test('an erasure of what is open, of nothing, and one that lists nothing', async () => {
    const erasure = (erased: unknown): Buffer => encodeEntry({ ...facts, kind: 'ERASURE', seq: 1, body: { erased } });
    const commitment = `hmac-sha256:${'A'.repeat(43)}`;
    expect(await found(signed(intent, erasure([{ commitment, seq: 0 }])))).toContain('ERASURE_UNKNOWN 3');
    expect(await found(signed(intent, erasure([])))).toEqual(['MALFORMED 3']);
  });
  test('a commitment that is none', async () => {
    const bent = encodeEntry({ ...facts, kind: 'INTENT', body: { who: 'hmac-sha256:short' } });
    expect(await found(signed(bent))).toEqual(['MALFORMED 2']);
  });
  test('a line longer than any entry', async () => {
    const long = Buffer.from(String(intent).replace('{}', `{"a":"${'x'.repeat(4 * 1024 * 1024)}"}`));
    expect(await found(signed(intent, long, outcome(2)))).toEqual(['MALFORMED 3']);
  });
});

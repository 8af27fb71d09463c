import { open } from 'node:fs/promises';
import { MAX_ENTRY_BYTES } from '../format/entry.ts';
import { kindOfLine, readHead, readHeader, readOpening, type ExportHeader } from '../format/export-lines.ts';
import { formatLedgerTime } from '../format/ledger-time.ts';
import type { TrustedKey } from '../format/trusted-keys.ts';
import { checkedEntries, type CheckedEntries } from './check-entries.ts';
import { checkedHeads, type CheckedHeads } from './check-heads.ts';
import { findings, type Finding, type FindingCode, type Findings, type Place } from './finding.ts';
import { keyring } from './keyring.ts';
import { readKnownHeads } from './known-heads.ts';
import { readLines, type Line, type LinesEnd } from './read-lines.ts';
import { unopened, type Unopened } from './unopened.ts';
import { CLOCK_TOLERANCE_MS, verdictOf, type Verdict } from './verdict.ts';

export interface ExportOptions {
  /** Null: signatures are not checked, and the verdict is `CONSISTENT_ONLY` at best. */
  readonly keys: readonly TrustedKey[] | null;
  /** A file of heads that witnesses kept; null for none. */
  readonly heads?: Buffer | null;
  /** Parses each body as well: that it is canonical JSON. Default false. */
  readonly strict?: boolean;
  /** What comes after the export is not asked for: known heads of larger trees are no finding. Default false. */
  readonly segment?: boolean;
  /** The verifier's clock, milliseconds since 1970. Default now. */
  readonly now?: number;
  /** Bytes read, and bytes of the file. */
  readonly onProgress?: (read: number, total: number) => void;
}

export interface ExportReport {
  readonly verdict: Verdict;
  readonly log: string | null;
  /** Entries from `first` (included) to `size` (not included), as the header says. */
  readonly first: number | null;
  readonly size: number | null;
  /** Lines that are entries. */
  readonly entries: number;
  readonly heads: number;
  /** Of the last head: base64url, and its time. */
  readonly root: string | null;
  readonly at: string | null;
  /** Heads of witnesses that the tree was compared with. */
  readonly compared: number;
  /** Intents that no outcome follows, and the first 100 of them: a crash, no break. */
  readonly unfinished: { readonly count: number; readonly seqs: readonly number[] };
  /** Findings by code; of each code the first 20 are in `findings`. */
  readonly counts: Readonly<Partial<Record<FindingCode, number>>>;
  readonly findings: readonly Finding[];
}

const UNFINISHED_LISTED = 100;

interface Checks {
  readonly header: ExportHeader;
  readonly entries: CheckedEntries;
  readonly heads: CheckedHeads;
  readonly book: Unopened | null;
  lines: number;
}

/** Verifies the export in this file. Never throws for what stands in the file; Error when it cannot be read. */
export async function verifyExport(path: string, options: ExportOptions): Promise<ExportReport> {
  const found = findings();
  let checks: Checks | null = null;
  const file = await open(path);
  try {
    const total = (await file.stat()).size;
    const end = await readLines(file, MAX_ENTRY_BYTES, {
      line(line) {
        if (line.number === 1) checks = begin(line, found, options);
        else if (checks !== null) check(line, checks, found);
      },
      overlong({ number, offset }) {
        found.add('MALFORMED', at(number, offset), `a line of at most ${MAX_ENTRY_BYTES} bytes`, 'a longer one');
        checks?.entries.lost();
      },
      chunk: (read) => options.onProgress?.(read, total),
    });
    finish(checks, end, found);
  } finally {
    await file.close();
  }
  return report(checks, found, options.keys !== null);
}

const at = (line: number, offset: number): Place => ({ file: 'export', line, offset, seq: null });

/** What is checked; null when the first line is no header, and then nothing is. */
function begin(line: Line, found: Findings, options: ExportOptions): Checks | null {
  const read = readHeader(line.bytes);
  if (!read.ok) {
    found.add('MALFORMED', at(1, 0), `a header of version 1: ${read.fault}`, 'another line');
    return null;
  }
  const header = read.value;
  const { log, first } = header;
  const latest = formatLedgerTime((options.now ?? Date.now()) + CLOCK_TOLERANCE_MS);
  const keys = keyring(options.keys, log, found);
  const book = header.openings ? unopened(first, found) : null;
  const entries = checkedEntries({ header, found, keys, book, latest, strict: options.strict ?? false });
  const file = options.heads ?? null;
  const known = file === null ? [] : readKnownHeads(file, log, found);
  const isSegment = options.segment ?? false;
  const heads = checkedHeads({ log, found, keys, entries, latest, known, isSegment });
  return { header, entries, heads, book, lines: 0 };
}

function check(line: Line, checks: Checks, found: Findings): void {
  const place = at(line.number, line.offset);
  const { entries, heads, book } = checks;
  switch (kindOfLine(line.bytes)) {
    case 'entry':
      checks.lines += 1;
      heads.compare();
      entries.add(line);
      return;
    case 'opening': {
      const read = readOpening(line.bytes);
      if (!read.ok) found.add('MALFORMED', place, read.fault, 'another line');
      else if (book === null)
        found.add(
          'OPENING_UNKNOWN',
          { ...place, seq: read.value.seq },
          'no openings, as the header says',
          'an opening',
        );
      else book.opening(read.value, place);
      return;
    }
    case 'head': {
      book?.close();
      const read = readHead(line.bytes);
      if (read.ok) heads.add(read.value, place);
      else found.add('MALFORMED', place, read.fault, 'another line');
      return;
    }
    case 'unknown':
      found.add('MALFORMED', place, 'an entry, an opening or a head', 'another line');
      entries.lost();
  }
}

function finish(checks: Checks | null, end: LinesEnd, found: Findings): void {
  const place = at(end.lines + 1, end.bytes - end.rest);
  if (end.rest > 0) found.add('TRUNCATED', place, 'a line that ends with a newline', `${end.rest} bytes more`);
  if (checks === null) {
    if (end.bytes === 0) found.add('TRUNCATED', place, 'a header', 'an empty file');
    return;
  }
  const { header, entries, heads, book } = checks;
  heads.compare();
  heads.finish();
  book?.finish();
  if (entries.size() < header.size)
    found.add('TRUNCATED', place, `entries up to seq ${header.size - 1}`, `entries up to seq ${entries.size() - 1}`);
  else if (heads.last()?.head.size !== header.size)
    found.add('HEAD_MISSING', place, `a head of size ${header.size} at the end`, 'none');
  else if (heads.count() !== header.heads)
    found.add('HEAD_MISSING', place, `${header.heads} heads`, `${heads.count()} heads`);
}

function report(checks: Checks | null, found: Findings, trusted: boolean): ExportReport {
  const list = found.list();
  const head = checks?.heads.last()?.head;
  return {
    verdict: verdictOf({ findings: list.length, trusted }),
    log: checks?.header.log ?? null,
    first: checks?.header.first ?? null,
    size: checks?.header.size ?? null,
    entries: checks?.lines ?? 0,
    heads: checks?.heads.count() ?? 0,
    root: head?.root ?? null,
    at: head?.at ?? null,
    compared: checks?.heads.compared() ?? 0,
    unfinished: checks?.entries.intents.listed(UNFINISHED_LISTED) ?? { count: 0, seqs: [] },
    counts: found.counts(),
    findings: list,
  };
}

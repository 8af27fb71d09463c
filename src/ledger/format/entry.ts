import { canonicalJson } from './canonical-json.ts';
import { isLedgerTime, TIME_LENGTH, type LedgerTime } from './ledger-time.ts';
import { isLogId, type LogId } from './log-id.ts';

/** What an entry tells of; docs/ledger-format.md describes the bodies. */
export const entryKinds = ['INTENT', 'OUTCOME', 'POLICY', 'KEY', 'ADMIN', 'REVIEW', 'ERASURE', 'ARCHIVE'] as const;
export type EntryKind = (typeof entryKinds)[number];

/** Bytes of the longest entry. */
export const MAX_ENTRY_BYTES = 4 * 1024 * 1024;

export interface Entry {
  readonly at: LedgerTime;
  readonly body: Readonly<Record<string, unknown>>;
  readonly kind: EntryKind;
  readonly log: LogId;
  /** Place in the log, from 0. */
  readonly seq: number;
}

/**
 * The entry's one encoding: what is stored, hashed and exported. RangeError when it is too long, an OUTCOME names no intent
 * before it, or the name `intent` stands elsewhere in an OUTCOME; TypeError when the body is no JSON.
 */
export function encodeEntry({ at, body, kind, log, seq }: Entry): Buffer {
  if (!Number.isSafeInteger(seq) || seq < 0) throw new RangeError('seq must be a whole number from 0');
  const bytes = canonicalJson({ at, body, kind, log, seq, v: 1 });
  if (bytes.length > MAX_ENTRY_BYTES) throw new RangeError(`an entry has at most ${MAX_ENTRY_BYTES} bytes`);
  if (kind === 'OUTCOME') {
    const { intent } = body;
    if (intentOf(bytes) !== intent || typeof intent !== 'number' || intent >= seq || !hasOneIntent(bytes))
      throw new RangeError('an OUTCOME has one member `intent`, in its body, the seq of an earlier entry');
  }
  return bytes;
}

/** What stands around the body. */
export interface Envelope {
  readonly at: LedgerTime;
  readonly kind: EntryKind;
  readonly log: LogId;
  readonly seq: number;
}

const opening = Buffer.from('{"at":"');
const beforeBody = Buffer.from('","body":{');
const afterTime = opening.length + TIME_LENGTH;
const ending = /\},"kind":"([A-Z]+)","log":"([0-9a-f-]{36})","seq":(0|[1-9]\d{0,15}),"v":1\}$/;
/** No ending is longer: `kind` of 7, `log` of 36, `seq` of 16 characters. */
const ENDING = 128;

/** Reads the envelope of canonical bytes from both ends, and leaves the body alone. Null when there is none. */
export function readEnvelope(bytes: Buffer): Envelope | null {
  const body = afterTime + beforeBody.length;
  if (bytes.length < body || bytes.length > MAX_ENTRY_BYTES) return null;
  if (bytes.compare(opening, 0, opening.length, 0, opening.length) !== 0) return null;
  if (bytes.compare(beforeBody, 0, beforeBody.length, afterTime, body) !== 0) return null;
  const found = ending.exec(bytes.toString('latin1', Math.max(body, bytes.length - ENDING), bytes.length));
  if (found === null) return null;
  const [, kind = '', log = '', digits = ''] = found;
  const at = bytes.toString('latin1', opening.length, afterTime);
  const seq = Number(digits);
  if (!isKind(kind) || !isLogId(log) || !Number.isSafeInteger(seq) || !isKnownTime(at)) return null;
  return { at, kind, log, seq };
}

const kinds: ReadonlySet<string> = new Set(entryKinds);
const isKind = (text: string): text is EntryKind => kinds.has(text);

let lastSecond = '';

/** Many entries share a second: what is the same up to the fraction needs no second look. */
function isKnownTime(text: string): text is LedgerTime {
  if (text.startsWith(lastSecond) && lastSecond !== '' && fraction.test(text.slice(19))) return true;
  if (!isLedgerTime(text)) return false;
  lastSecond = text.slice(0, 19);
  return true;
}

const fraction = /^\.\d{3}\+08:00$/;
const intentName = Buffer.from('"intent":');

/** Of an OUTCOME: its member `intent`, a whole number. Null when there is none. */
export function intentOf(bytes: Buffer): number | null {
  const at = nameAt(bytes, 0);
  if (at < 0) return null;
  const from = at + intentName.length;
  const digits = /^(0|[1-9]\d{0,15})[,}]/.exec(bytes.toString('latin1', from, from + 17))?.[1];
  return digits === undefined ? null : Number(digits);
}

function hasOneIntent(bytes: Buffer): boolean {
  return nameAt(bytes, nameAt(bytes, 0) + 1) < 0;
}

/** Where the name begins; not the end of a longer one that has an escaped quotation mark in it. */
function nameAt(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(intentName, from);
  while (at > 0 && bytes[at - 1] === 0x5c) at = bytes.indexOf(intentName, at + 1);
  return at;
}

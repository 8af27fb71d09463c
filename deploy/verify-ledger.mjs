/*
 * Verifies an export of the ledger with nothing but Node's standard library: written from docs/ledger-format.md alone, so
 * that two programs that share no line have to agree on what an export proves.
 *
 *   node verify-ledger.mjs EXPORT --keys FILE [--heads FILE] [--strict] [--segment] [--json]
 */
import { createHash, createHmac, createPublicKey, verify as verifySignature } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const MAX_LINE = 4_194_304;
const MAX_UNOPENED = 500_000;
const MAX_LISTED = 20; // findings of one code, intents
const FUTURE_MS = 300_000;
const KINDS = new Set('INTENT OUTCOME POLICY KEY ADMIN REVIEW ERASURE ARCHIVE'.split(' '));
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const COMMITMENT = '"hmac-sha256:';

// ---- encodings

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object')
    return `{${Object.keys(value)
      .toSorted()
      .map((name) => `${canonical(name)}:${canonical(value[name])}`)
      .join(',')}}`;
  if (typeof value === 'string' && !value.isWellFormed()) throw new RangeError('half a pair');
  return JSON.stringify(value);
}

/** What canonical JSON says, or undefined where it is not canonical. */
function parse(bytes) {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return bytes.equals(Buffer.from(canonical(value))) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isCount = (value) => Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
const isBytes = (length) => (text) =>
  typeof text === 'string' &&
  Buffer.from(text, 'base64url').length === length &&
  Buffer.from(text, 'base64url').toString('base64url') === text;
const isHash = isBytes(32);
const isLog = (value) => typeof value === 'string' && UUID.test(value);
const isText = (value) => typeof value === 'string';
const isAgency = (value) => isText(value) && /^[A-Za-z0-9]+$/.test(value);
const isAlgorithm = (value) => value === 'Ed25519';
const isCommitment = (value) => isText(value) && value.startsWith('hmac-sha256:') && isHash(value.slice(12));

function isTime(text) {
  if (!isText(text) || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/.test(text)) return false;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms + 8 * 3_600_000).toISOString() === `${text.slice(0, 23)}Z`;
}

/** Is it an object of exactly these members, each of its form? */
const isObject = (value, members) =>
  value !== null &&
  typeof value === 'object' &&
  Object.keys(value).length === Object.keys(members).length &&
  Object.entries(members).every(([name, is]) => Object.hasOwn(value, name) && is(value[name]));
const isList = (is) => (value) => Array.isArray(value) && value.every(is);
const only = (constant) => (value) => value === constant;

const isHeader = (value) =>
  isObject(value, {
    first: isCount,
    format: only('lianqiao-ledger-export'),
    heads: (heads) => isCount(heads) && heads > 0,
    log: isLog,
    openings: (openings) => typeof openings === 'boolean',
    range: isList(isHash),
    size: isCount,
    v: only(1),
  }) &&
  value.first <= value.size &&
  value.range.length === value.first.toString(2).replaceAll('0', '').length;
const isCosignature = (value) => isObject(value, { agency: isAgency, at: isTime, key: isHash, signature: isText });
const HEAD = { alg: isAlgorithm, at: isTime, key: isHash, log: isLog, root: isHash, size: isCount, v: only(1) };
const isHeadLine = (value) =>
  isObject(value, {
    cosignatures: (list) => isList(isCosignature)(list) && list.length <= 1_000,
    head: (head) => isObject(head, HEAD),
    signature: isText,
  });
const OPENING = { commitment: isCommitment, salt: isBytes(16), seq: isCount, value: isText };
const isOpeningLine = (value) => isObject(value, { opening: (opening) => isObject(opening, OPENING) });
const isEnd = (value) => value === null || isTime(value);
const KEY = { alg: isAlgorithm, from: isTime, public: isHash, until: isEnd };
const isIntroduction = (value) =>
  isObject(value, { ...KEY, by: isHash, key: isHash, signature: isText }) && value.key === keyId(value);
const isErasure = (body) =>
  isList((erased) => isObject(erased, { commitment: isCommitment, seq: isCount }))(body.erased) &&
  body.erased.length > 0;

/** The envelope of an entry, read from both ends: only KEY and ERASURE are parsed. */
function readEnvelope(bytes) {
  const start = /^\{"at":"(.{29})","body":\{$/.exec(bytes.toString('latin1', 0, 46));
  const tail = bytes.subarray(46).subarray(-160).toString('latin1');
  const end = /\},"kind":"([A-Z]+)","log":"([^"]{36})","seq":(0|[1-9]\d*),"v":1\}$/.exec(tail);
  if (start === null || end === null) return undefined;
  const [[, at], [whole, kind, log, digits]] = [start, end];
  const seq = Number(digits);
  if (!isTime(at) || !KINDS.has(kind) || !isLog(log) || !isCount(seq)) return undefined;
  return { at, kind, log, seq, body: bytes.subarray(45, bytes.length - whole.length + 1) };
}

/** Where a name or the beginning of a string stands in canonical bytes: a quotation mark inside a string has a backslash. */
function* occurrences(body, text) {
  for (let at = body.indexOf(text); at !== -1; at = body.indexOf(text, at + 1)) if (body[at - 1] !== 0x5c) yield at;
}

/** Lines with their number and offset; of one that is too long nothing is kept. */
function* readLines(path) {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(1 << 16);
    let [number, offset, length, parts] = [1, 0, 0, []];
    const line = (ended) => ({ number, offset, ended, bytes: length > MAX_LINE ? null : Buffer.concat(parts) });
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      for (let from = 0; from < read;) {
        const newline = chunk.subarray(0, read).indexOf(10, from);
        const to = newline === -1 ? read : newline;
        length += to - from;
        if (length > MAX_LINE) parts = [];
        else parts.push(Buffer.from(chunk.subarray(from, to)));
        from = to + 1;
        if (newline === -1) continue;
        yield line(true);
        [number, offset, length, parts] = [number + 1, offset + length + 1, 0, []];
      }
    }
    yield line(false);
  } finally {
    closeSync(file);
  }
}

// ---- tree and keys

const leafHash = (bytes) => sha256(Buffer.of(0), bytes);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

/** The compact range of the entries so far. */
class Tree {
  constructor(size, nodes) {
    this.size = size;
    this.nodes = [...nodes];
  }
  append(hash) {
    let node = hash;
    // The perfect subtrees that are joined now are as many as the size's binary form ends with ones.
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeHash(this.nodes.pop(), node);
    this.nodes.push(node);
    this.size += 1;
  }
  root() {
    return this.nodes.length === 0 ? sha256('') : this.nodes.reduceRight((right, left) => nodeHash(left, right));
  }
}

const keyId = (key) => sha256(key.alg, Buffer.of(0), Buffer.from(key.public, 'base64url')).toString('base64url');
const isValidAt = ({ from, until }, at) => from <= at && (until === null || at < until);

function isSignedBy(key, prefix, value, signature) {
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.public }, format: 'jwk' });
  if (!isBytes(64)(signature)) return false;
  const signed = Buffer.from(`lianqiao-ledger-${prefix}-v1\n${canonical(value)}`);
  return verifySignature(null, signed, publicKey, Buffer.from(signature, 'base64url'));
}

/** Trusted keys from the text of their file; throws where it is none. */
export function readKeys(text) {
  const trusted = (value) =>
    isObject(value, { ...KEY, id: isHash, use: only('log'), log: isLog }) ||
    isObject(value, { ...KEY, id: isHash, use: only('witness'), agency: isAgency });
  const file = JSON.parse(text);
  if (!isObject(file, { v: only(1), keys: isList((key) => trusted(key) && key.id === keyId(key)) }))
    throw new Error('no file of trusted keys');
  // A key may be of several logs, once of each; one of a witness is nothing else.
  const places = file.keys.flatMap(({ id, log }) => (log === undefined ? [id] : [`${id} ${log}`]));
  const ofLogs = new Set(file.keys.flatMap(({ id, use }) => (use === 'log' ? [id] : [])));
  if (new Set(places).size !== places.length || file.keys.some(({ id, use }) => use === 'witness' && ofLogs.has(id)))
    throw new Error('a key stands twice');
  return file.keys;
}

// ---- verifier

class Verifier {
  constructor({ keys, now, strict, segment }) {
    Object.assign(this, { keys, strict, segment });
    this.latest = new Date(now + FUTURE_MS + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
    this.findings = [];
    this.counts = {};
    this.introduced = new Map();
    this.witnessed = new Map(); // size → heads of this log that witnesses kept
    this.intents = new Set(); // without outcome so far
    this.unopened = new Map(); // seq and commitment of what may be erased later → the entry's line
    this.heads = 0;
    this.headAt = -1; // size of the last head
    this.lastTime = '';
    this.entry = null; // the one that openings may follow
    this.unread = 0; // 1: a line since the last entry could not be read
    this.comparable = true; // are roots worth comparing?
  }

  find(code, line, seq, expected) {
    this.counts[code] = (this.counts[code] ?? 0) + 1;
    if (this.counts[code] > MAX_LISTED) return;
    this.findings.push({ code, file: line.file ?? 'export', line: line.number, offset: line.offset, seq, expected });
  }

  unreadable(line, expected, seq = null) {
    this.find('MALFORMED', line, seq, expected);
    this.unread = 1;
    this.comparable = false;
  }

  readExport(lines, heads) {
    let last;
    for (const line of lines) {
      last = line;
      if (!line.ended) break;
      if (line.number > 1) {
        if (this.header !== undefined) this.readLine(line);
      } else if (this.readHeader(line) && heads !== null) this.readWitnessed(heads);
    }
    if (last.bytes === null) this.unreadable(last, `at most ${MAX_LINE} bytes`);
    if (last.bytes?.length !== 0 || last.number === 1)
      this.find('TRUNCATED', last, null, 'a line that ends with a newline');
    if (this.header !== undefined) this.end(last);
  }

  readHeader(line) {
    const header = line.bytes === null ? undefined : parse(line.bytes);
    if (!isHeader(header)) {
      this.find('MALFORMED', line, null, 'the header of an export, version 1');
      return false;
    }
    this.header = header;
    this.tree = new Tree(
      header.first,
      header.range.map((hash) => Buffer.from(hash, 'base64url')),
    );
    this.next = header.first;
    return true;
  }

  readLine(line) {
    if (line.bytes === null) return this.unreadable(line, `at most ${MAX_LINE} bytes`);
    const beginning = line.bytes.toString('latin1', 0, 12);
    if (beginning.startsWith('{"at":')) this.readEntry(line);
    else if (beginning.startsWith('{"opening":')) this.readOpening(line);
    else if (beginning === '{"cosignatur') this.readHead(line);
    else this.unreadable(line, 'an entry, an opening or a head');
  }

  readEntry(line) {
    const entry = readEnvelope(line.bytes);
    if (entry === undefined) return this.unreadable(line, 'the envelope of an entry', this.next);
    const { at, log, seq } = entry;
    if (seq >= this.header.size) return this.find('BEYOND_SIZE', line, seq, `seq less than ${this.header.size}`);
    this.compareWitnessed(this.next);
    if (log !== this.header.log) this.find('WRONG_LOG', line, seq, `log ${this.header.log}`);
    if (seq < this.next) {
      this.comparable = false;
      this.find('SEQ_DUPLICATE', line, seq, `seq ${this.next}`);
    } else {
      this.goOnTo(seq, line, seq, this.unread);
      this.next = seq + 1;
    }
    if (at < this.lastTime) this.find('CLOCK_BACK', line, seq, `not earlier than ${this.lastTime}`);
    else this.lastTime = at;
    if (at > this.latest) this.find('FROM_FUTURE', line, seq, `not later than ${this.latest}`);
    if (this.comparable) this.tree.append(leafHash(line.bytes));
    this.readBody(line, entry);
  }

  readBody(line, { at, kind, seq, body }) {
    const parsed = this.strict || kind === 'KEY' || kind === 'ERASURE' ? parse(line.bytes) : null;
    if (parsed === undefined) this.find('NOT_CANONICAL', line, seq, 'canonical JSON in UTF-8');
    this.closeEntry();
    const commitments = kind === 'ERASURE' ? new Set() : this.commitmentsOf(line, seq, body);
    this.entry = { line: { number: line.number, offset: line.offset }, seq, opened: '', commitments };
    if (kind === 'INTENT') this.intents.add(seq);
    if (kind === 'OUTCOME') this.readOutcome(line, seq, body);
    if (kind === 'ERASURE' && parsed) this.readErasure(line, seq, parsed.body);
    if (kind === 'KEY' && parsed) this.introduce(line, at, seq, parsed.body);
  }

  commitmentsOf(line, seq, body) {
    const found = new Set();
    for (const at of occurrences(body, COMMITMENT)) {
      const end = at + COMMITMENT.length + 43;
      const commitment = body.toString('latin1', at + 1, end);
      if (!isCommitment(commitment) || body[end] !== 0x22) {
        this.find('MALFORMED', line, seq, 'a commitment');
        return new Set();
      }
      found.add(commitment);
    }
    return found;
  }

  /** Openings of the last entry cannot follow any more. */
  closeEntry() {
    if (this.entry === null || !this.header.openings) return;
    const { commitments, line, seq } = this.entry;
    this.entry = null;
    for (const commitment of commitments) this.unopened.set(`${seq} ${commitment}`, line);
    if (this.unopened.size > MAX_UNOPENED) this.find('TOO_MANY_UNOPENED', line, seq, 'segments');
  }

  readOutcome(line, seq, body) {
    const [at] = occurrences(body, '"intent":');
    const digits = at === undefined ? null : /^(0|[1-9]\d*)[,}]/.exec(body.toString('latin1', at + 9, at + 26));
    const intent = digits === null ? -1 : Number(digits[1]);
    // What an entry before the export was cannot be known here.
    if (intent >= 0 && intent < this.header.first) return;
    if (intent >= seq || !this.intents.delete(intent))
      this.find('OUTCOME_WITHOUT_INTENT', line, seq, 'an INTENT before, without OUTCOME');
  }

  readErasure(line, seq, body) {
    if (!isErasure(body)) return this.find('MALFORMED', line, seq, 'a list of what was erased');
    if (!this.header.openings) return;
    for (const { commitment, seq: of } of body.erased)
      if (of >= this.header.first && !this.unopened.delete(`${of} ${commitment}`))
        this.find('ERASURE_UNKNOWN', line, seq, 'a commitment of an earlier entry that is not opened');
  }

  introduce(line, at, seq, { signature, ...body }) {
    if (!isIntroduction({ signature, ...body })) return this.find('KEY_INTRODUCTION', line, seq, 'an introduction');
    if (this.keys === null) return;
    const by = this.logKey(body.by);
    if (by === undefined) return this.find('UNKNOWN_KEY', line, seq, 'a key of this log');
    if (!isValidAt(by, at)) return this.find('KEY_NOT_VALID_THEN', line, seq, 'a key that is valid at this time');
    if (!isSignedBy(by, 'key', { ...body, log: this.header.log }, signature))
      return this.find('KEY_INTRODUCTION', line, seq, 'a signature of the introducing key');
    this.introduced.set(body.key, body);
  }

  readOpening(line) {
    const parsed = parse(line.bytes);
    if (!isOpeningLine(parsed)) return this.find('MALFORMED', line, null, 'an opening');
    const { commitment, salt, seq, value } = parsed.opening;
    const { entry } = this;
    const belongs = entry?.seq === seq && entry.commitments.has(commitment) && commitment > entry.opened;
    if (!this.header.openings || !belongs)
      return this.find('OPENING_UNKNOWN', line, seq, 'an opening of the entry before, once, in order');
    entry.opened = commitment;
    entry.commitments.delete(commitment);
    const hmac = createHmac('sha256', Buffer.from(salt, 'base64url')).update(value).digest('base64url');
    if (commitment !== `hmac-sha256:${hmac}`) this.find('COMMITMENT_MISMATCH', line, seq, 'what was committed to');
  }

  readHead(line) {
    const parsed = parse(line.bytes);
    if (!isHeadLine(parsed)) return this.find('MALFORMED', line, null, 'a head');
    const { at, log, root, size } = parsed.head;
    this.heads += 1;
    this.closeEntry();
    if (log !== this.header.log) return this.find('WRONG_LOG', line, null, `log ${this.header.log}`);
    if (size < this.next || size === this.headAt)
      this.find('HEAD_MISPLACED', line, null, 'one head of a size, after the last entry that it covers');
    else this.goOnTo(size, line, null, 0);
    if (at < this.lastTime) this.find('CLOCK_BACK', line, null, `not earlier than ${this.lastTime}`);
    if (this.comparable && size === this.tree.size && this.tree.root().toString('base64url') !== root) {
      this.comparable = false;
      this.find('ROOT_MISMATCH', line, null, 'entries with the root of this head');
    }
    this.headAt = size;
    this.checkSignatures(line, parsed);
  }

  /** The log goes on here; what could not be read may be what is missing. */
  goOnTo(seq, line, of, passed) {
    if (seq > this.next + passed) this.find('SEQ_GAP', line, of, `seq ${this.next}`);
    if (seq > this.next) this.comparable = false;
    this.next = seq;
    this.unread = 0;
  }

  end(line) {
    const { heads, size } = this.header;
    this.closeEntry();
    this.endWitnessed();
    if (this.next < size) this.find('TRUNCATED', line, null, `entries up to seq ${size - 1}`);
    else if (this.headAt !== size) this.find('HEAD_MISSING', line, null, `a head of size ${size} at the end`);
    else if (this.heads !== heads) this.find('HEAD_MISSING', line, null, `${heads} heads`);
    for (const [key, entryLine] of this.unopened)
      this.find('OPENING_MISSING', entryLine, Number(key.split(' ', 1)[0]), 'an opening or an ERASURE');
  }

  // -- signatures

  logKey(id) {
    return this.keys.find((key) => key.id === id && key.log === this.header.log) ?? this.introduced.get(id);
  }

  checkSignatures(line, { cosignatures, head, signature }) {
    for (const at of [head.at, ...cosignatures.map((cosignature) => cosignature.at)])
      if (at > this.latest) this.find('FROM_FUTURE', line, null, `not later than ${this.latest}`);
    if (this.keys === null) return;
    const check = (key, at, prefix, value, made, code) => {
      if (key === undefined) return this.find('UNKNOWN_KEY', line, null, 'a trusted or introduced key');
      if (!isValidAt(key, at)) this.find('KEY_NOT_VALID_THEN', line, null, 'a key that is valid at this time');
      else if (!isSignedBy(key, prefix, value, made)) this.find(code, line, null, 'a signature of the named key');
    };
    check(this.logKey(head.key), head.at, 'head', head, signature, 'HEAD_SIGNATURE');
    for (const { agency, at, key, signature: made } of cosignatures) {
      const witness = this.keys.find(({ id, use, agency: of }) => id === key && use === 'witness' && of === agency);
      check(witness, at, 'cosignature', { agency, at, head, key }, made, 'COSIGNATURE');
    }
  }

  // -- heads that witnesses kept

  readWitnessed(lines) {
    let own = 0;
    for (const read of lines) {
      const line = { ...read, file: 'heads' };
      if (!line.ended && line.bytes?.length === 0) break;
      const parsed = line.bytes === null ? undefined : parse(line.bytes);
      if (!isHeadLine(parsed)) this.find('MALFORMED', line, null, 'a head');
      else if (parsed.head.log === this.header.log) {
        own += 1;
        const { size } = parsed.head;
        this.witnessed.set(size, [...(this.witnessed.get(size) ?? []), { line, parsed }]);
      }
    }
    if (own === 0)
      this.find('WRONG_LOG', { file: 'heads', number: 1, offset: 0 }, null, `a head of log ${this.header.log}`);
  }

  /** The heads of the size that the log has now, after the export's own. */
  compareWitnessed(size) {
    for (const { line, parsed } of this.witnessed.get(size) ?? []) {
      this.checkSignatures(line, parsed);
      if (this.comparable && parsed.head.root !== this.tree.root().toString('base64url'))
        this.find('FORK', line, null, 'the root that this log has there');
    }
    this.witnessed.delete(size);
  }

  endWitnessed() {
    this.compareWitnessed(this.next);
    for (const [size, heads] of this.witnessed)
      for (const { line, parsed } of size < this.header.first ? [] : heads)
        if (size < this.next) this.checkSignatures(line, parsed);
        else if (!this.segment) {
          this.checkSignatures(line, parsed);
          this.find('ROLLBACK', line, null, `at most ${this.next} entries`);
        }
  }

  report() {
    const { counts, findings, header, intents } = this;
    const sound = this.keys === null ? 'CONSISTENT_ONLY' : 'VERIFIED';
    return {
      verdict: Object.keys(counts).length > 0 ? 'BROKEN' : sound,
      log: header?.log ?? null,
      first: header?.first ?? null,
      size: header?.size ?? null,
      unfinished: { count: intents.size, seqs: [...intents].slice(0, MAX_LISTED) },
      counts,
      findings,
    };
  }
}

/**
 * Verifies the export at `path`. `keys`: from readKeys, or null; `heads`: path of a file of heads, or null; `now`: the
 * verifier's clock in milliseconds. Throws where a file cannot be read.
 */
export function verifyLedger(path, { keys, heads = null, now = Date.now(), strict = false, segment = false }) {
  const verifier = new Verifier({ keys, now, strict, segment });
  verifier.readExport(readLines(path), heads === null ? null : readLines(heads));
  return verifier.report();
}

function main() {
  const flag = { type: 'boolean' };
  const options = { keys: { type: 'string' }, heads: { type: 'string' }, strict: flag, segment: flag, json: flag };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const { keys: keyFile, json = false, ...rest } = values;
  if (positionals.length !== 1) throw new Error('usage: verify-ledger.mjs EXPORT --keys FILE [--heads FILE] [--json]');
  const keys = keyFile === undefined ? null : readKeys(readFileSync(keyFile, 'utf8'));
  const report = verifyLedger(positionals[0], { keys, ...rest });
  const told = report.findings.map(
    ({ code, file, line, offset, seq, expected }) =>
      `${code} ${file} line ${line}, byte ${offset}, seq ${seq ?? 'none'}: expected ${expected}\n`,
  );
  const summary = `${report.unfinished.count} intents without outcome\n${report.verdict}\n`;
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${told.join('')}${summary}`);
  return report.verdict === 'VERIFIED' ? 0 : 1;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = main();
  } catch (error) {
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 2;
  }
}

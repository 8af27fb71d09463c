import { crc32, createInflateRaw } from 'node:zlib';
import { Readable } from 'node:stream';
import type { DropFile } from './drop-file.ts';
import { Refusal } from './refusal.ts';

/** One file of a ZIP archive, by its central directory (PKWARE APPNOTE 6.3.10, 4.3.12). */
export interface ZipPart {
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly unpacked: number;
  /** Of its local header. */
  readonly at: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
/** The end record, the longest comment behind it, and the ZIP64 locator before it. */
const TAIL = END_BYTES + 65_535 + 20;
/** Parts of a workbook: more is an attack. */
const MOST_PARTS = 10_000;
const MOST_DIRECTORY = 16 << 20;

/** The archive's parts by name. Throws `Refusal` where it is no whole ZIP archive. */
export async function zipParts(file: DropFile): Promise<ReadonlyMap<string, ZipPart>> {
  const { at, bytes, count } = await directoryOf(file);
  if (count > MOST_PARTS || bytes > MOST_DIRECTORY || at + bytes > file.size) throw damaged();
  const directory = await file.read(at, bytes);
  const parts = new Map<string, ZipPart>();
  for (let i = 0, from = 0; i < count; i += 1) {
    if (from + 46 > bytes || directory.readUInt32LE(from) !== ENTRY) throw damaged();
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((o) => directory.readUInt16LE(from + o));
    const nameAt = from + 46;
    const extraAt = nameAt + nameBytes!;
    const next = extraAt + extraBytes! + commentBytes!;
    if (next > bytes) throw damaged();
    if ((directory.readUInt16LE(from + 8) & 1) === 1) throw new Refusal('NO_WORKBOOK', 'it is encrypted');
    const name = directory.toString('utf8', nameAt, extraAt);
    if (parts.has(name)) throw damaged();
    const sizes = longSizes(directory.subarray(extraAt, extraAt + extraBytes!), [
      directory.readUInt32LE(from + 24),
      directory.readUInt32LE(from + 20),
      directory.readUInt32LE(from + 42),
    ]);
    const [unpacked, packed, local] = sizes;
    parts.set(name, {
      method: directory.readUInt16LE(from + 10),
      crc: directory.readUInt32LE(from + 16),
      packed,
      unpacked,
      at: local,
    });
    from = next;
  }
  return parts;
}

/** The part's bytes. Throws `Refusal` where they are not what the directory says, or more than `most`. */
export async function* unpacked(file: DropFile, part: ZipPart, most: number): AsyncGenerator<Buffer> {
  if (part.unpacked > most) throw tooLarge();
  const local = await readAt(file, part.at, 30);
  if (local.readUInt32LE(0) !== LOCAL) throw damaged();
  const start = part.at + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (start + part.packed > file.size) throw damaged();
  const packed = file.bytes(start, start + part.packed);
  let crc = 0;
  let count = 0;
  try {
    for await (const piece of part.method === 0 ? packed : inflated(packed, part.method)) {
      count += piece.length;
      // What it unpacks to counts, not what it says it does.
      if (count > most) throw tooLarge();
      crc = crc32(piece, crc);
      yield piece;
    }
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string' && code.startsWith('Z_')) throw damaged();
    throw error;
  }
  if (crc !== part.crc || count !== part.unpacked) throw damaged();
}

function inflated(packed: AsyncIterable<Buffer>, method: number): AsyncIterable<Buffer> {
  if (method !== 8) throw damaged();
  const source = Readable.from(packed);
  const inflate = createInflateRaw();
  source.on('error', (error) => inflate.destroy(error));
  inflate.on('close', () => source.destroy());
  return source.pipe(inflate);
}

async function directoryOf(file: DropFile): Promise<{ at: number; bytes: number; count: number }> {
  const from = Math.max(0, file.size - TAIL);
  const tail = await file.read(from, file.size - from);
  let end = tail.length - END_BYTES;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw damaged();
  const short = {
    count: tail.readUInt16LE(end + 10),
    bytes: tail.readUInt32LE(end + 12),
    at: tail.readUInt32LE(end + 16),
  };
  const isLong = end >= 20 && tail.readUInt32LE(end - 20) === LOCATOR_64;
  if (!isLong) return short;
  const long = await readAt(file, whole(tail, end - 12), 56);
  if (long.readUInt32LE(0) !== END_64) throw damaged();
  return { count: whole(long, 32), bytes: whole(long, 40), at: whole(long, 48) };
}

/** Sizes and place of an entry; those that 32 bits do not hold stand in its ZIP64 field (4.5.3), in this order. */
function longSizes(extra: Buffer, short: [number, number, number]): [number, number, number] {
  if (!short.includes(0xffffffff)) return short;
  for (let from = 0; from + 4 <= extra.length; from += 4 + extra.readUInt16LE(from + 2)) {
    if (extra.readUInt16LE(from) !== 1) continue;
    let at = from + 4;
    return short.map((size) => {
      if (size !== 0xffffffff) return size;
      if (at + 8 > extra.length) throw damaged();
      at += 8;
      return whole(extra, at - 8);
    }) as [number, number, number];
  }
  throw damaged();
}

function whole(buffer: Buffer, at: number): number {
  const value = Number(buffer.readBigUInt64LE(at));
  if (!Number.isSafeInteger(value)) throw damaged();
  return value;
}

/** Bytes at a place that the archive itself names. */
async function readAt(file: DropFile, at: number, length: number): Promise<Buffer> {
  if (at + length > file.size) throw damaged();
  return file.read(at, length);
}

function damaged(): Refusal {
  return new Refusal('NO_WORKBOOK', 'it is damaged, or no workbook');
}

function tooLarge(): Refusal {
  return new Refusal('TOO_LARGE', 'it unpacks to more bytes than a file may have');
}

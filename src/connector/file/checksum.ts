import iconv from 'iconv-lite';
import { DropFile } from './drop-file.ts';
import type { DropPlan } from './drop-plan.ts';
import type { FileStamp } from './drop-folder.ts';
import { Refusal } from './refusal.ts';

export interface Checksum {
  /** Where the bytes that it was made of end, and the rows too. */
  readonly end: number;
  /** In hex; null where none is declared. */
  readonly expected: string | null;
}

/** A trailer is no longer than this, in bytes; nor is a side file. */
const MOST = 4096;

/** What the file should be. Throws `Refusal` where the declared checksum is not there, or is none. */
export async function checksumOf(
  file: DropFile,
  path: string,
  sideStamp: FileStamp | null,
  plan: DropPlan,
): Promise<Checksum> {
  const { checksum } = plan;
  if (checksum === 'none') return { end: file.size, expected: null };
  if (checksum === 'sideFile') return { end: file.size, expected: await fromSideFile(path, sideStamp) };
  return fromTrailer(file, checksum.trailer, plan.format.kind === 'csv' ? plan.format.encoding : 'utf-8');
}

async function fromSideFile(path: string, stamp: FileStamp | null): Promise<string> {
  if (stamp === null || stamp.size > MOST) throw noChecksum('the side file');
  const side = await DropFile.open(`${path}.sha256`, stamp);
  try {
    const [, digest] =
      /^\uFEFF?\s*([0-9a-fA-F]{64})(?:\s|$)/.exec((await side.read(0, side.size)).toString('utf8')) ?? [];
    if (digest === undefined) throw noChecksum('the side file');
    return digest.toLowerCase();
  } finally {
    await side.close();
  }
}

/** The last line. It is looked for in bytes, since its place in the file is what its digest is made up to. */
async function fromTrailer(file: DropFile, trailer: string, encoding: string): Promise<Checksum> {
  const from = Math.max(0, file.size - MOST);
  const tail = await file.read(from, file.size - from);
  const at = tail.lastIndexOf(iconv.encode(trailer, encoding, { addBOM: false }));
  if (at < 0) throw noChecksum('the last line');
  const line = iconv.decode(tail.subarray(at), encoding);
  const [, digest] = /^\s*([0-9a-fA-F]{64})\s*$/.exec(line.slice(trailer.length)) ?? [];
  const above = iconv.decode(tail.subarray(Math.max(0, at - 2), at), encoding);
  if (digest === undefined || !(from + at === 0 || /[\r\n]$/.test(above))) throw noChecksum('the last line');
  return { end: from + at, expected: digest.toLowerCase() };
}

function noChecksum(where: string): Refusal {
  return new Refusal('NO_CHECKSUM', `${where} holds no SHA-256`);
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { decoded, markOf, type Encoding } from '../../csv/encoding.ts';
import { ImportError } from './import-error.ts';
import type { SourceRule } from './mapping-schema.ts';

/** A file to import: what it is, before its rows are read. */
export interface SourceFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly modifiedMs: number;
  /** In hex, over the whole file. */
  readonly sha256: string;
  readonly encoding: Encoding;
  /** The decoded beginning of the file: at most 1 MiB of bytes. */
  readonly head: string;
}

const HEAD_BYTES = 1 << 20;

/** Reads the file once for its digest and encoding. Throws `ImportError` when it cannot be read. */
export async function inspectSource(path: string, declared: SourceRule['encoding']): Promise<SourceFile> {
  try {
    const { size, mtimeMs } = await stat(path);
    const hash = createHash('sha256');
    let head = Buffer.alloc(0);
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]).subarray(0, HEAD_BYTES);
    }
    const encoding = detectEncoding(head, size <= HEAD_BYTES, declared);
    if (encoding.startsWith('utf-16') && size % 2 === 1) {
      throw new ImportError(`${path} is UTF-16 but has an odd number of bytes: it was cut off; fetch it again`);
    }
    const text = iconv.decode(head, encoding);
    return { path, size, modifiedMs: mtimeMs, sha256: hash.digest('hex'), encoding, head: text };
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new ImportError(`${path} cannot be read (${codeOf(error)}); give the path of a CSV file`);
  }
}

/** Throws `ImportError` when the file is no longer the one that was inspected. */
export async function assertUnchanged(source: SourceFile): Promise<void> {
  const now = await stat(source.path).catch(() => undefined);
  if (now?.size === source.size && now.mtimeMs === source.modifiedMs) return;
  throw new ImportError(
    `${source.path} changed while it was read. The rows so far are in the store; run the command again on the settled file`,
  );
}

/**
 * A byte order mark decides first. Then what the mapping says; under `auto` UTF-8 when the head is strictly valid,
 * else GB18030, which has every character of GBK and GB 2312. Throws `ImportError` when mark and mapping contradict.
 */
export function detectEncoding(head: Buffer, whole: boolean, declared: SourceRule['encoding']): Encoding {
  const marked = markOf(head);
  if (marked !== undefined && declared !== 'auto' && marked !== declared) {
    throw new ImportError(
      `The file begins with the mark of ${marked}, the mapping says ${declared}; use encoding: auto`,
    );
  }
  if (marked !== undefined) return marked;
  if (declared !== 'auto') return declared;
  try {
    // A head that is cut in the middle of a character is valid so far.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !whole });
    return 'utf-8';
  } catch {
    return 'gb18030';
  }
}

/** The file's text in pieces, as `decoded` gives it; tells the bytes that were read. */
export function textOf(
  source: SourceFile,
  skipLines: number,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<string> {
  return decoded(bytesOf(source.path, onBytes), source.encoding, skipLines);
}

async function* bytesOf(path: string, onBytes: (bytes: number) => void = () => undefined): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    yield chunk;
    onBytes(chunk.length);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}

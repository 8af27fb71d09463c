import type { FileHandle } from 'node:fs/promises';

export interface Line {
  /** The line without its newline; its memory is used again when the call returns. */
  readonly bytes: Buffer;
  /** The same after a byte 0, as the leaf of a tree is hashed; memory as above. */
  readonly leaf: Buffer;
  /** From 1. */
  readonly number: number;
  /** Of its first byte in the file. */
  readonly offset: number;
}

export interface LinesEnd {
  readonly lines: number;
  readonly bytes: number;
  /** Bytes after the last newline: a line that was cut off. */
  readonly rest: number;
}

/** Bytes read at once, about. */
const CHUNK = 1024 * 1024;

/**
 * Reads a file line by line in bounded memory. A line longer than `longest` bytes is handed to `onOverlong` instead, and
 * its bytes are passed over.
 */
export async function readLines(
  file: FileHandle,
  longest: number,
  on: {
    readonly line: (line: Line) => void;
    readonly overlong: (line: { readonly number: number; readonly offset: number }) => void;
    readonly chunk: (bytesRead: number) => void;
  },
): Promise<LinesEnd> {
  // Byte 0 of the buffer stands before the first line, as the newline before it stands before each other.
  let buffer = Buffer.allocUnsafe(2 + CHUNK);
  let [kept, number, offset, skipping, read] = [0, 1, 0, false, 0];
  for (;;) {
    const { bytesRead } = await file.read(buffer, 1 + kept, buffer.length - 1 - kept, null);
    if (bytesRead === 0) break;
    read += bytesRead;
    const end = 1 + kept + bytesRead;
    let start = 1;
    for (let at = buffer.indexOf(10, 1 + kept); at >= 0 && at < end; at = buffer.indexOf(10, start)) {
      if (skipping) skipping = false;
      else if (at - start > longest) on.overlong({ number, offset });
      else {
        buffer[start - 1] = 0;
        on.line({ bytes: buffer.subarray(start, at), leaf: buffer.subarray(start - 1, at), number, offset });
      }
      offset += at + 1 - start;
      number += 1;
      start = at + 1;
    }
    kept = end - start;
    if (kept > longest) {
      if (!skipping) on.overlong({ number, offset });
      skipping = true;
    }
    if (skipping) {
      offset += kept;
      kept = 0;
    } else {
      const next = kept > CHUNK / 2 && buffer.length < longest ? Buffer.allocUnsafe(2 + longest + CHUNK) : buffer;
      buffer.copy(next, 1, start, end);
      buffer = next;
    }
    on.chunk(read);
  }
  return { lines: number - 1, bytes: read, rest: skipping ? 1 : kept };
}

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { FileStamp } from './drop-folder.ts';
import { Changed } from './refusal.ts';

const PIECE = 1 << 16;

/**
 * A dropped file, held open: whatever takes its name later, the bytes are those of the file that was looked at. All
 * reading is of whole files in pieces of 64 KiB.
 */
export class DropFile {
  readonly #handle: FileHandle;
  readonly size: number;

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  /** Throws `Changed` where the path is no longer that file. A link is not followed. */
  static async open(path: string, stamp: FileStamp): Promise<DropFile> {
    let handle: FileHandle;
    try {
      handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ELOOP') throw new Changed();
      throw error;
    }
    const file = new DropFile(handle, stamp.size);
    try {
      await file.throwIfChanged(stamp);
      return file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async throwIfChanged(stamp: FileStamp): Promise<void> {
    const now = await this.#handle.stat();
    const same = now.size === stamp.size && now.mtimeMs === stamp.modified && now.ino === stamp.inode;
    if (!now.isFile() || !same) throw new Changed();
  }

  /** The bytes from `start` up to `end`. Throws `Changed` where there are fewer. */
  async *bytes(start = 0, end = this.size): AsyncGenerator<Buffer> {
    for (let at = start; at < end;) {
      const piece = await this.read(at, Math.min(PIECE, end - at));
      at += piece.length;
      yield piece;
    }
  }

  /** So many bytes. Throws `Changed` where there are fewer. */
  async read(at: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    for (let got = 0; got < length;) {
      const { bytesRead } = await this.#handle.read(buffer, got, length - got, at + got);
      if (bytesRead === 0) throw new Changed();
      got += bytesRead;
    }
    return buffer;
  }

  /** SHA-256 of the first `end` bytes and of all of them, in hex. */
  async digests(end: number): Promise<{ readonly body: string; readonly whole: string }> {
    const hash = createHash('sha256');
    for await (const piece of this.bytes(0, end)) hash.update(piece);
    const body = hash.copy().digest('hex');
    for await (const piece of this.bytes(end)) hash.update(piece);
    return { body, whole: hash.digest('hex') };
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

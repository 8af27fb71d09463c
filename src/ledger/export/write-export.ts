import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { encodeHead, encodeHeader, encodeOpening, EXPORT_FORMAT } from '../format/export-lines.ts';
import type { LedgerFile, StoredLog } from './ledger-file.ts';

export interface ExportWish {
  /** A file that must not exist. */
  readonly path: string;
  readonly log: StoredLog;
  /** Whether the values of commitments go along, as whoever may read them wishes. */
  readonly openings: boolean;
  readonly onProgress?: (entries: number) => void;
}

export interface Exported {
  readonly path: string;
  readonly entries: number;
}

/** Between two reports of progress. */
const step = 1_000;

/**
 * Writes one log as far as its last signed head, in the form of docs/ledger-format.md. Null where no head was signed yet:
 * there is nothing that could be proved. Rejects with the system's error, EEXIST where the file is there.
 */
export async function writeExport(
  file: LedgerFile,
  { path, log, openings, onProgress }: ExportWish,
): Promise<Exported | null> {
  const heads = file.heads(log.logNo, log.size);
  const size = heads.at(-1)?.head.size;
  if (size === undefined) return null;
  const headsBySize = new Map(heads.map((head) => [head.head.size, head]));
  const out = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  const done = finished(out);
  const write = async (line: Buffer | string): Promise<void> => {
    out.write(line);
    if (!out.write('\n')) await Promise.race([once(out, 'drain'), done]);
  };
  try {
    await write(
      encodeHeader({
        first: 0,
        format: EXPORT_FORMAT,
        heads: heads.length,
        log: log.log,
        openings,
        range: [],
        size,
        v: 1,
      }),
    );
    for (const entry of file.entries(log.logNo, 0, size)) {
      await write(entry.bytes);
      if (openings) for (const opening of entry.openings) await write(encodeOpening({ ...opening, seq: entry.seq }));
      const head = headsBySize.get(entry.seq + 1);
      if (head !== undefined) await write(encodeHead(head));
      if (entry.seq % step === 0) onProgress?.(entry.seq);
    }
    onProgress?.(size);
  } finally {
    out.end();
    await done;
  }
  return { path, entries: size };
}

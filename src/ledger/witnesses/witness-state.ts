import { readFileSync } from 'node:fs';
import { replaceFile } from '../../config/replace-file.ts';
import { encodeHead, readHead } from '../format/export-lines.ts';
import type { SignedHead } from '../format/head.ts';
import type { LogId } from '../format/log-id.ts';

/** The newest head of each log that a witness cosigned: a file of heads, as `audit verify --heads` reads it. */
export interface WitnessState {
  readonly heads: ReadonlyMap<LogId, SignedHead>;
  /** Keeps the head in the place of its log's last one; on disk when it returns. */
  keep(head: SignedHead): void;
}

/** Reads the file; without one the witness has seen nothing yet. SyntaxError with the line that is no head. */
export function openWitnessState(path: string): WitnessState {
  const heads = new Map<LogId, SignedHead>();
  for (const [i, line] of linesOf(path).entries()) {
    const read = readHead(Buffer.from(line));
    if (!read.ok) throw new SyntaxError(`${path}:${i + 1}: ${read.fault}`);
    const { log } = read.value.head;
    if (heads.has(log)) throw new SyntaxError(`${path}:${i + 1}: a second head of its log`);
    heads.set(log, read.value);
  }
  return {
    heads,
    keep(head) {
      heads.set(head.head.log, head);
      replaceFile(path, [...heads.values()].map((one) => `${encodeHead(one).toString()}\n`).join(''));
    },
  };
}

function linesOf(path: string): readonly string[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    // Each line ends with a newline: after the last one there is nothing.
    return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

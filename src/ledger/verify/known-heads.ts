import { readHead } from '../format/export-lines.ts';
import type { SignedHead } from '../format/head.ts';
import type { LogId } from '../format/log-id.ts';
import type { Findings, Place } from './finding.ts';

/** A head that a witness kept. */
export interface KnownHead {
  readonly signed: SignedHead;
  readonly place: Place;
}

/** The heads of this log in a file of heads, by size; those of other logs are passed over. Findings for what is no head. */
export function readKnownHeads(file: Buffer, log: LogId, found: Findings): readonly KnownHead[] {
  const heads: KnownHead[] = [];
  let [line, offset] = [0, 0];
  while (offset < file.length) {
    line += 1;
    const newline = file.indexOf(10, offset);
    const end = newline < 0 ? file.length : newline;
    const place: Place = { file: 'heads', line, offset, seq: null };
    const read = readHead(file.subarray(offset, end));
    if (!read.ok) found.add('MALFORMED', place, read.fault, 'another line');
    else if (read.value.head.log === log) heads.push({ signed: read.value, place });
    offset = end + 1;
  }
  if (heads.length === 0)
    found.add('WRONG_LOG', { file: 'heads', line: 1, offset: 0, seq: null }, `heads of log ${log}`, 'none');
  return heads.toSorted((a, b) => a.signed.head.size - b.signed.head.size);
}

import { parentPort, workerData } from 'node:worker_threads';
import type { LogId } from '../format/log-id.ts';
import { readLogKeys } from '../keys/log-keys.ts';
import type { KeptCosignature } from './kept-cosignature.ts';
import type { PendingEntry } from './pending-entry.ts';
import { SqliteLog } from './sqlite-log.ts';

/** What the thread is made for. */
export interface LogThreadData {
  readonly file: string;
  readonly logNo: number;
  /** The folder with the keys. */
  readonly keys: string;
}

/** One job at a time; each is answered before the next is sent. */
export type LogJob =
  | { readonly do: 'append'; readonly group: readonly PendingEntry[]; readonly at: number }
  | { readonly do: 'settle' }
  | { readonly do: 'signHead'; readonly at: number }
  | { readonly do: 'keepCosignature'; readonly cosignature: KeptCosignature }
  | { readonly do: 'close' };

/** `failed` is SQLite's or the system's code. A message might quote what was written. */
export type LogJobAnswer =
  { readonly log: LogId } | { readonly numbers: readonly number[] } | { readonly failed: string };

const port = parentPort;
if (port === null) throw new Error('this file is a thread of the ledger');
const { file, logNo, keys } = workerData as LogThreadData;

const answer = (one: LogJobAnswer): void => port.postMessage(one, []);
const attempt = (work: () => LogJobAnswer): void => {
  try {
    answer(work());
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    answer({ failed: typeof code === 'string' ? code : 'UNKNOWN' });
  }
};

let log: SqliteLog | null = null;
attempt(() => {
  log = new SqliteLog(file, logNo, () => readLogKeys(keys));
  return { log: log.log };
});

port.on('message', (job: LogJob) => {
  attempt(() => {
    if (log === null) return { failed: 'CLOSED' };
    switch (job.do) {
      case 'append':
        return { numbers: log.append(job.group, job.at) };
      case 'settle':
        log.settle();
        return { numbers: [] };
      case 'signHead':
        log.signHead(job.at);
        return { numbers: [] };
      case 'keepCosignature':
        log.keepCosignature(job.cosignature);
        return { numbers: [] };
      case 'close':
        log.close();
        log = null;
        return { numbers: [] };
    }
  });
  // Nobody waits for it: the answer is on its way.
  if (log !== null && log.unsettled >= mostUnsettled) settleQuietly(log);
});

/** Rows that are settled at a time: sorted they change few pages, and entries wait for as many milliseconds as these take. */
const mostUnsettled = 200;

/** What cannot be settled now is settled with the next rows, or when somebody reads. */
function settleQuietly(one: SqliteLog): void {
  try {
    one.settle();
  } catch {
    return;
  }
}

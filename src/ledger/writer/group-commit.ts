import { setImmediate } from 'node:timers/promises';
import type { LogId } from '../format/log-id.ts';
import type { KeptCosignature } from './kept-cosignature.ts';
import type { PendingEntry } from './pending-entry.ts';

/** Why nothing can be recorded now. */
export type LedgerFault = 'WRITE_FAILED' | 'TOO_SLOW' | 'TOO_MUCH_WAITING' | 'CLOSED';

export class LedgerUnavailableError extends Error {
  override readonly name = 'LedgerUnavailableError';
  readonly fault: LedgerFault;
  /** The store's own code, where it gave one. */
  readonly code: string | null;

  constructor(fault: LedgerFault, code: string | null = null) {
    super(`the ledger cannot be written: ${fault}${code === null ? '' : ` (${code})`}`);
    this.fault = fault;
    this.code = code;
  }
}

/** Where groups of entries are written: all of a group stands durably once it resolves, or none of it. */
export interface LogFile {
  readonly log: LogId;
  /** Gives the numbers of the entries in the log. */
  append(group: readonly PendingEntry[], at: number): Promise<readonly number[]>;
  /** From now on readers find all answers by their tickets and owners. */
  settle(): Promise<void>;
  /** Signs the tree as it is, unless that was done. */
  signHead(at: number): Promise<void>;
  /** Keeps a witness's cosignature; a second one of its key over the same head changes nothing. */
  keepCosignature(cosignature: KeptCosignature): Promise<void>;
  close(): Promise<void>;
}

export interface GroupLimits {
  /** Entries of one group. */
  readonly mostOfGroup: number;
  /** Entries that may wait: a disk that cannot keep up costs answers, not memory. */
  readonly mostWaiting: number;
  /** How long an entry is waited for; whether it was written is then not known, and nothing is disclosed. */
  readonly milliseconds: number;
}

interface Waiting {
  readonly entry: PendingEntry;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: LedgerUnavailableError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Entries that come while one group is written are the next group: a commit is shared by all who wait for it. */
export class GroupCommit {
  readonly #file: LogFile;
  readonly #limits: GroupLimits;
  readonly #now: () => number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;
  #closed = false;

  constructor(file: LogFile, limits: GroupLimits, now: () => number) {
    this.#file = file;
    this.#limits = limits;
    this.#now = now;
  }

  /** Entries that no commit has been told of. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves with the entry's number once it is durable. Rejects with `LedgerUnavailableError`. */
  append(entry: PendingEntry): Promise<number> {
    if (this.#closed) return Promise.reject(new LedgerUnavailableError('CLOSED'));
    if (this.#waiting.length >= this.#limits.mostWaiting)
      return Promise.reject(new LedgerUnavailableError('TOO_MUCH_WAITING'));
    const written = new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new LedgerUnavailableError('TOO_SLOW')), this.#limits.milliseconds);
      this.#waiting.push({ entry, resolve, reject, timer });
    });
    this.#writing ??= this.#writeAll();
    return written;
  }

  /** Takes no more entries, and writes those that wait. */
  async drain(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Whoever asks in the same turn of the event loop is of the same group.
      await setImmediate();
      await this.#write(this.#waiting.splice(0, this.#limits.mostOfGroup));
    }
    this.#writing = null;
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    try {
      const numbers = await this.#file.append(
        group.map(({ entry }) => entry),
        this.#now(),
      );
      for (const [i, seq] of numbers.entries()) group[i]?.resolve(seq);
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      const fault = new LedgerUnavailableError('WRITE_FAILED', typeof code === 'string' ? code : null);
      for (const { reject } of group) reject(fault);
    } finally {
      for (const { timer } of group) clearTimeout(timer);
    }
  }
}

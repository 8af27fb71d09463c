import { Worker } from 'node:worker_threads';
import type { LogId } from '../format/log-id.ts';
import { readLogKeys } from '../keys/log-keys.ts';
import type { LogFile } from './group-commit.ts';
import type { KeptCosignature } from './kept-cosignature.ts';
import type { LogJob, LogJobAnswer, LogThreadData } from './sqlite-log-thread.ts';
import { SqliteLog } from './sqlite-log.ts';

/**
 * Opens a log whose commits a thread makes, so that the event loop never waits for a disk. From TypeScript sources, which
 * a thread of Node 20 cannot load, they are made in this one. Throws when the file or the keys cannot be used.
 */
export async function openLog(data: LogThreadData): Promise<LogFile> {
  return import.meta.url.endsWith('.ts') ? inPlace(data) : ThreadLog.open(data);
}

function inPlace({ file, logNo, keys }: LogThreadData): LogFile {
  const log = new SqliteLog(file, logNo, () => readLogKeys(keys));
  return {
    log: log.log,
    append: async (group, at) => log.append(group, at),
    settle: async () => log.settle(),
    signHead: async (at) => log.signHead(at),
    keepCosignature: async (cosignature) => log.keepCosignature(cosignature),
    close: async () => log.close(),
  };
}

/** One job is with the thread at a time. A thread that ended is made anew for the next job. */
class ThreadLog implements LogFile {
  readonly log: LogId;
  readonly #data: LogThreadData;
  #thread: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(data: LogThreadData, thread: Worker, log: LogId) {
    this.#data = data;
    this.log = log;
    this.#adopt(thread);
  }

  static async open(data: LogThreadData): Promise<ThreadLog> {
    const { thread, log } = await start(data);
    return new ThreadLog(data, thread, log);
  }

  async append(group: Parameters<LogFile['append']>[0], at: number): ReturnType<LogFile['append']> {
    const answer = await this.#do({ do: 'append', group, at });
    return 'numbers' in answer ? answer.numbers : [];
  }

  async settle(): Promise<void> {
    await this.#do({ do: 'settle' });
  }

  async signHead(at: number): Promise<void> {
    await this.#do({ do: 'signHead', at });
  }

  async keepCosignature(cosignature: KeptCosignature): Promise<void> {
    await this.#do({ do: 'keepCosignature', cosignature });
  }

  async close(): Promise<void> {
    await this.#do({ do: 'close' });
    await this.#thread?.terminate();
  }

  #do(job: LogJob): Promise<LogJobAnswer> {
    const mine = this.#last.then(async () => {
      const thread = this.#thread ?? this.#adopt((await start(this.#data)).thread);
      // A process ends only with its jobs done; one that has none, such as a hub that could not start, is not kept alive.
      thread.ref();
      try {
        const answer = answerOf(thread);
        thread.postMessage(job, []);
        return await answer;
      } finally {
        thread.unref();
      }
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  #adopt(thread: Worker): Worker {
    this.#thread = thread;
    thread.unref();
    // What ends it between two jobs is told by its end: the next job has a new one.
    thread.on('error', () => undefined);
    thread.once('exit', () => {
      if (this.#thread === thread) this.#thread = null;
    });
    return thread;
  }
}

class ThreadEndedError extends Error {
  override readonly name = 'ThreadEndedError';
  readonly code = 'THREAD_ENDED';
}

async function start(data: LogThreadData): Promise<{ readonly thread: Worker; readonly log: LogId }> {
  const thread = new Worker(new URL('./sqlite-log-thread.js', import.meta.url), { workerData: data });
  try {
    const answer = await answerOf(thread);
    if (!('log' in answer)) throw new ThreadEndedError('the thread of the ledger did not open its log');
    return { thread, log: answer.log };
  } catch (error) {
    await thread.terminate();
    throw error;
  }
}

/** The thread's next answer. Rejects with an error of the code that it failed with. */
function answerOf(thread: Worker): Promise<LogJobAnswer> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      thread.off('message', onMessage);
      thread.off('error', onEnd);
      thread.off('exit', onEnd);
    };
    const onMessage = (answer: LogJobAnswer): void => {
      done();
      if ('failed' in answer) reject(Object.assign(new Error('the ledger cannot be written'), { code: answer.failed }));
      else resolve(answer);
    };
    const onEnd = (): void => {
      done();
      reject(new ThreadEndedError('the thread of the ledger ended'));
    };
    thread.on('message', onMessage);
    thread.on('error', onEnd);
    thread.on('exit', onEnd);
  });
}

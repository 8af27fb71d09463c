import { z } from 'zod';
import type { SourceRecord } from '../../../src/connector/connector.ts';
import type { Read } from '../../../src/connector/guard/guard.ts';
import type { GuardEvent } from '../../../src/connector/guard/guard-event.ts';
import { pageList } from '../../../src/connector/provenance.ts';
import { commonSettings, type CommonSettings } from '../../../src/connector/settings/common.ts';
import { SourceError, type SourceErrorOptions, type SourceFault } from '../../../src/connector/source-error.ts';

export type Page = readonly SourceRecord[];

/** Settings with short times, so that tests are. */
export function settings(more: Partial<CommonSettings> = {}): CommonSettings {
  const parsed = z.object(commonSettings).parse({ retries: 0, breakerFailures: 1_000, retryMilliseconds: 1 });
  return { ...parsed, ...more };
}

/** A load of a page under this name. */
export function page(load: (signal: AbortSignal) => Promise<Page>, name = 'page'): Read<Page> {
  return { name: { hint: 'page', exact: () => name }, records: pageList, load };
}

export function fault(kind: SourceFault, more: SourceErrorOptions = {}): SourceError {
  return new SourceError('water', `the water source is ${kind}`, { fault: kind, ...more });
}

/** A load that fails as the list says, `null` for an answer; after its end it answers. Tells how often it was asked. */
export function scripted(...faults: readonly (SourceFault | null)[]): (() => Promise<Page>) & { calls: number } {
  const load = Object.assign(
    async (): Promise<Page> => {
      const kind = faults[load.calls++];
      if (kind !== undefined && kind !== null) throw fault(kind);
      return [{ no: String(load.calls) }];
    },
    { calls: 0 },
  );
  return load;
}

/** A load that lasts until `answer` or `fail` is called, and heeds its signal; or not, as drivers may. */
export function pending(heeds = true): {
  readonly load: (signal: AbortSignal) => Promise<Page>;
  readonly signals: AbortSignal[];
  answer(records?: Page): void;
  fail(error: unknown): void;
} {
  const signals: AbortSignal[] = [];
  const open: { resolve: (page: Page) => void; reject: (reason: unknown) => void }[] = [];
  return {
    signals,
    load: (signal) =>
      new Promise((resolve, reject) => {
        signals.push(signal);
        open.push({ resolve, reject });
        if (heeds) signal.addEventListener('abort', () => reject(fault('UNREACHABLE')), { once: true });
      }),
    answer: (records = [{ no: '1' }]) => open.splice(0).forEach((o) => o.resolve(records)),
    fail: (error) => open.splice(0).forEach((o) => o.reject(error)),
  };
}

/** What the load rejects with: the fault of a `SourceError`, else the error itself. */
export async function rejection(load: Promise<unknown>): Promise<unknown> {
  try {
    await load;
  } catch (error) {
    return error instanceof SourceError ? error.fault : error;
  }
  throw new Error('it did not reject');
}

export function forever(): AbortSignal {
  return new AbortController().signal;
}

/** Lets everything run that waits for no timer. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** Collects what a guard tells. */
export function events(): { readonly seen: GuardEvent[]; readonly observe: (event: GuardEvent) => void } {
  const seen: GuardEvent[] = [];
  return { seen, observe: (event) => void seen.push(event) };
}

import type { Caller } from './caller.ts';
import { isRecord } from './is-record.ts';

export interface Demo {
  readonly ticketNo: string;
  readonly callers: readonly Caller[];
}

/**
 * The callers of the demo, with fresh tokens; null where the hub runs no demo (404). Throws where the hub cannot be
 * reached.
 */
export async function loadDemo(signal: AbortSignal): Promise<Demo | null> {
  const response = await fetch('/console/demo-callers.json', { signal, headers: { accept: 'application/json' } });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`the hub answered ${response.status}`);
  return readDemo(await response.json());
}

function readDemo(body: unknown): Demo | null {
  if (!isRecord(body) || typeof body['ticketNo'] !== 'string' || !Array.isArray(body['callers'])) return null;
  return { ticketNo: body['ticketNo'], callers: body['callers'].flatMap((caller: unknown) => readCaller(caller)) };
}

function readCaller(caller: unknown): Caller[] {
  if (!isRecord(caller)) return [];
  const { id, label, purpose, token } = caller;
  if (typeof id !== 'string' || typeof label !== 'string' || typeof purpose !== 'string' || typeof token !== 'string')
    return [];
  // The hub writes both languages in one text, Chinese first: `网格员 Grid worker`.
  const space = label.indexOf(' ');
  const both = space < 0 ? { zh: label, en: label } : { zh: label.slice(0, space), en: label.slice(space + 1) };
  return [{ id, label: both, purpose, token }];
}

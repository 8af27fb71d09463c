import type { Caller } from './caller.ts';
import { isRecord } from './is-record.ts';

export interface Demo {
  readonly ticketNo: string;
  readonly callers: readonly Caller[];
}

/** `none`: the hub runs no demo, so the reader brings a token. */
export type DemoState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'demo'; readonly demo: Demo }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreachable' };

/** The callers of the demo, with fresh tokens. A hub without a demo answers 404. Never rejects. */
export async function demoState(): Promise<DemoState> {
  try {
    const response = await fetch('/console/demo-callers.json', { headers: { accept: 'application/json' } });
    if (response.status === 404) return { kind: 'none' };
    const demo = response.ok ? readDemo(await response.json()) : null;
    return demo === null ? { kind: 'unreachable' } : { kind: 'demo', demo };
  } catch {
    return { kind: 'unreachable' };
  }
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

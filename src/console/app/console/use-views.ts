import { useCallback, useEffect, useRef, useState } from 'react';
import type { Caller } from '../shared/caller.ts';
import { demoState, type DemoState } from '../shared/demo.ts';
import { askCallers, type Told } from './ask-callers.ts';
import { sections } from './sections.ts';
import type { SectionShape } from './shape.ts';

export interface Views {
  readonly demo: DemoState;
  /** The callers that were asked as, and what each was told, by place. */
  readonly callers: readonly Caller[];
  readonly told: readonly Told[];
  readonly ticketNo: string;
  readonly sections: readonly SectionShape[];
}

const waiting: Told = { kind: 'waiting' };
const atFirst: Views = { demo: { kind: 'loading' }, callers: [], told: [], ticketNo: '', sections };

/**
 * What the callers are told of a ticket. Every question is a disclosure that the hub records, so the page asks only
 * when it opens (the demo's ticket, or the address's) and when the reader searches.
 */
export function useViews(firstTicketNo: string): readonly [Views, (ticketNo: string, own: readonly Caller[]) => void] {
  const [views, setViews] = useState<Views>(atFirst);
  const running = useRef<AbortController>(null);

  const search = useCallback((ticketNo: string, own: readonly Caller[]): void => {
    running.current?.abort();
    const run = new AbortController();
    running.current = run;
    const change = (to: (before: Views) => Views): void => {
      if (!run.signal.aborted) setViews(to);
    };
    ask(ticketNo, own, run.signal, change).catch((error: unknown) => {
      if (!run.signal.aborted) throw error;
    });
  }, []);

  useEffect(() => {
    search(firstTicketNo, []);
    return () => running.current?.abort();
  }, [search, firstTicketNo]);
  return [views, search];
}

async function ask(
  wanted: string,
  own: readonly Caller[],
  signal: AbortSignal,
  change: (to: (before: Views) => Views) => void,
): Promise<void> {
  // The reader's own callers say that there is no demo; otherwise the demo's tokens are fetched anew, as they expire.
  const demo: DemoState = own.length > 0 ? { kind: 'none' } : await demoState();
  const callers = demo.kind === 'demo' ? demo.demo.callers : own;
  const ticketNo = wanted === '' && demo.kind === 'demo' ? demo.demo.ticketNo : wanted;
  const asking = callers.length > 0 && ticketNo !== '';
  change((before) => ({ ...before, demo, ticketNo, callers, told: asking ? callers.map(() => waiting) : [] }));
  if (!asking) return;
  const known = await askCallers(callers, ticketNo, sections, signal, (place, answer) =>
    change((before) => ({ ...before, told: before.told.with(place, answer) })),
  );
  change((before) => ({ ...before, sections: known }));
}

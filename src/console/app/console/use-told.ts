import { useEffect, useState } from 'react';
import type { Caller } from '../shared/caller.ts';
import { askCallers, type Told } from './ask-callers.ts';
import { sections as allSections } from './sections.ts';
import type { SectionShape } from './shape.ts';

interface Asked {
  readonly told: readonly Told[];
  readonly sections: readonly SectionShape[];
}

const waiting: Told = { kind: 'waiting' };

/** What each caller is told of the ticket; asked again whenever the callers or the number change. */
export function useTold(callers: readonly Caller[], ticketNo: string): Asked {
  const [asked, setAsked] = useState<Asked>({ told: [], sections: allSections });
  useEffect(() => {
    setAsked((before) => ({ ...before, told: callers.map(() => waiting) }));
    if (callers.length === 0 || ticketNo === '') return;
    const gone = new AbortController();
    const tell = (place: number, told: Told): void => {
      if (gone.signal.aborted) return;
      setAsked((before) => ({
        ...before,
        told: callers.map((_, at) => (at === place ? told : (before.told[at] ?? waiting))),
      }));
    };
    askCallers(callers, ticketNo, allSections, gone.signal, tell).then(
      (sections) => setAsked((before) => ({ ...before, sections })),
      (error: unknown) => {
        if (!gone.signal.aborted) throw error;
      },
    );
    return () => gone.abort();
  }, [callers, ticketNo]);
  return asked;
}

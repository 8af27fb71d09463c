import { useCallback, useEffect, useState } from 'react';
import { demoState, type DemoState } from './demo.ts';

/** The demo's callers, and how to fetch them anew, since their tokens last an hour. */
export function useDemo(): readonly [DemoState, () => Promise<DemoState>] {
  const [state, setState] = useState<DemoState>({ kind: 'loading' });
  const refresh = useCallback(async (): Promise<DemoState> => {
    const next = await demoState();
    setState(next);
    return next;
  }, []);
  useEffect(() => void refresh(), [refresh]);
  return [state, refresh];
}

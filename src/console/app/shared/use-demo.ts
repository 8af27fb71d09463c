import { useCallback, useEffect, useState } from 'react';
import { loadDemo, type Demo } from './demo.ts';

/** `none`: the hub runs no demo, so the reader brings a token. */
export type DemoState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'demo'; readonly demo: Demo }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreachable' };

/** The demo's callers, and how to fetch them anew, since their tokens last an hour. */
export function useDemo(): readonly [DemoState, () => void] {
  const [state, setState] = useState<DemoState>({ kind: 'loading' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const gone = new AbortController();
    loadDemo(gone.signal).then(
      (demo) => setState(demo === null ? { kind: 'none' } : { kind: 'demo', demo }),
      () => {
        if (!gone.signal.aborted) setState({ kind: 'unreachable' });
      },
    );
    return () => gone.abort();
  }, [turn]);
  return [state, useCallback(() => setTurn((n) => n + 1), [])];
}

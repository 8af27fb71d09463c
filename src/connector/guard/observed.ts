import { loadEvent } from './create-guard.ts';
import type { Guard } from './guard.ts';
import type { GuardEvent } from './guard-event.ts';

/** Around a source that is read within this process: only tells how its loads end. */
export function observed(observe: (event: GuardEvent) => void): Guard {
  return {
    async run(read, signal) {
      try {
        const answer = await read.load(signal);
        observe({ kind: 'load', outcome: 'OK' });
        return answer;
      } catch (error) {
        observe(loadEvent(error, signal));
        throw error;
      }
    },
  };
}

import { faultCheck } from '../http-faults.ts';

/** An answer that never stops coming, and never is there, is given up when the time-out passes: each byte does not begin it anew. */
export const tricklingAnswer = faultCheck('trickling-answer', ['http', 'tcp'], () => [
  { fault: { kind: 'trickle', milliseconds: 100 }, expected: { faults: ['TIMEOUT'] } },
]);

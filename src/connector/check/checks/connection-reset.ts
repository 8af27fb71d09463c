import { faultCheck } from '../http-faults.ts';

/** The connection is reset when it is asked: no answer, at once, and no hang. */
export const connectionReset = faultCheck('connection-reset', ['http', 'tcp'], () => [
  { fault: { kind: 'reset' }, expected: { faults: ['UNREACHABLE'] } },
]);

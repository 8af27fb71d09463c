import { faultCheck } from '../http-faults.ts';

/** An answer that begins after the time-out is given up when it passes. */
export const slowAnswer = faultCheck('slow-answer', ['http', 'tcp'], (_quick, { settings }) => [
  { fault: { kind: 'delay', milliseconds: settings.answerMilliseconds * 20 }, expected: { faults: ['TIMEOUT'] } },
]);

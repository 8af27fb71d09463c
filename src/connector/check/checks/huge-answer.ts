import { faultCheck } from '../http-faults.ts';

/** Bytes of one answer that the kit allows. */
const answerBytes = 65_536;

/** An answer beyond `answerBytes` is given up: it must not fill the hub's memory. */
export const hugeAnswer = faultCheck(
  'huge-answer',
  ['http'],
  () => [
    {
      fault: {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '['.repeat(4 * answerBytes),
      },
      expected: { faults: ['MALFORMED'] },
    },
  ],
  answerBytes,
);

import { faultCheck } from '../http-faults.ts';

/** The source asks for patience (429, 503), and how much of it goes on to the caller. */
export const tooManyRequests = faultCheck('too-many-requests', ['http'], () =>
  [429, 503].map((status) => ({
    name: String(status),
    fault: { kind: 'answer', status, headers: { 'retry-after': '7' }, body: '' },
    expected: { faults: ['OVERLOADED'], retryAfter: 7_000 },
  })),
);

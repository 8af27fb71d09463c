import { faultCheck } from '../http-faults.ts';

/** The source, or a gateway before it, failed (5xx). */
export const failed = faultCheck('failed', ['http'], () =>
  [500, 502].map((status) => ({
    name: String(status),
    fault: { kind: 'answer', status, headers: { 'content-type': 'text/html' }, body: '<h1>系统繁忙</h1>' },
    expected: { faults: ['FAILED'] },
  })),
);

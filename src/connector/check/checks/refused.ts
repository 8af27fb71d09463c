import { faultCheck } from '../http-faults.ts';

/** The source would not have the request (4xx): said so, not read as "no record". A 404 is left out: some services mean that by it. */
export const refused = faultCheck('refused', ['http'], () =>
  [400, 401, 403, 422].map((status) => ({
    name: String(status),
    fault: {
      kind: 'answer',
      status,
      headers: { 'content-type': 'application/json' },
      body: '{"message":"请求被拒绝"}',
    },
    expected: { faults: ['REFUSED'] },
  })),
);

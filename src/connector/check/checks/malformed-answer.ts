import type { Bench } from '../bench.ts';
import type { Check, Finding } from '../check.ts';
import { notApplicable } from '../check.ts';
import { damagedFiles } from '../damaged-files.ts';
import type { Fault } from '../fault-proxy.ts';
import { faultCheck } from '../http-faults.ts';

const answer = (type: string, body: string): Fault => ({
  kind: 'answer',
  status: 200,
  headers: { 'content-type': type },
  body,
});

/** Answers with the status of success that are none: each has been seen before a real service. */
const answers: Readonly<Record<string, Fault>> = {
  'a login page': answer('text/html; charset=utf-8', '<html><body><form action="/login">请登录</form></body></html>'),
  'an error under 200': answer('application/json', '{"code":500,"message":"系统繁忙，请稍后再试"}'),
  'an error in XML': answer('text/xml', '<?xml version="1.0"?><error><code>500</code></error>'),
  nothing: answer('application/json', ''),
  null: answer('application/json', 'null'),
  'no text': answer('application/octet-stream', '\u0000\u0001\u0002\u001f'),
};

const overHttp = faultCheck('malformed-answer', ['http'], () =>
  Object.entries(answers).map(([name, fault]) => ({
    name,
    fault,
    expected: { faults: ['MALFORMED', 'FAILED', 'REFUSED'] },
  })),
);

/** An answer in another form than agreed is an error: never an empty list. */
export const malformedAnswer: Check = {
  name: 'malformed-answer',
  async run(bench: Bench): Promise<Finding> {
    const stand = await bench.stand();
    switch (stand.way.kind) {
      case 'http':
        return overHttp.run(bench);
      case 'files':
        return damagedFiles(bench, 'garble');
      case 'tcp':
        return notApplicable("the protocol is a database's own");
    }
  },
};

import type { Check } from '../check.ts';
import { damagedFiles } from '../damaged-files.ts';
import { faultCheck, type FaultCase } from '../http-faults.ts';

const cut: FaultCase = {
  name: 'cut within its first bytes',
  fault: { kind: 'cut', bytes: 40 },
  expected: { faults: ['UNREACHABLE', 'MALFORMED'] },
};
const halves: readonly FaultCase[] = [
  {
    name: 'cut in the middle',
    fault: { kind: 'halve', cut: true },
    expected: { faults: ['UNREACHABLE', 'MALFORMED'] },
  },
  { name: 'a half that says it is all', fault: { kind: 'halve', cut: false }, expected: { faults: ['MALFORMED'] } },
];

const overHttp = faultCheck('half-answer', ['http'], () => [cut, ...halves]);
const overTcp = faultCheck('half-answer', ['tcp'], () => [cut]);

/** What has come of an answer is never given as all of it. */
export const halfAnswer: Check = {
  name: 'half-answer',
  async run(bench) {
    const stand = await bench.stand();
    switch (stand.way.kind) {
      case 'http':
        return overHttp.run(bench);
      case 'files':
        return damagedFiles(bench, 'halve');
      case 'tcp':
        return overTcp.run(bench);
    }
  },
};

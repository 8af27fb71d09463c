import { expect, test } from 'vitest';
import { leaks } from './leaks.ts';
import { proveDiff } from './prove-diff.ts';
import { proveWorlds } from './prove.ts';
import { Tally } from './tally.ts';

/*
 * Proof by generation: random schemas, policies, records, callers and queries through the whole way of a request. A case is
 * one answer compared with the reference; or one answer asked for again after something changed that is hidden; or one
 * answer compared with that of a policy without a word on a denied field; or one pair of policies whose diff is compared
 * with every decision of a thirteenth of all classes. `npm run prove` asks for many, and for others each time.
 */

const cases = Number(process.env['LIANQIAO_PROOF_CASES'] ?? 400);
const long = process.env['LIANQIAO_PROOF_CASES'] !== undefined;
const seed = Number(process.env['LIANQIAO_PROOF_SEED'] ?? (long ? Date.now() % 2 ** 31 : 20_261_123));
/** Replays one failing case: the path that was printed with it. */
const path = process.env['LIANQIAO_PROOF_PATH'];
const diffPath = process.env['LIANQIAO_PROOF_DIFF_PATH'];

const say = (text: string): void => void process.stdout.write(`${text}\n`);

test('answers say what the policies say, and depend on nothing that is hidden', async () => {
  const tally = new Tally();
  let told = 0;
  const failure = await proveWorlds(
    {
      seed,
      ...(path === undefined ? {} : { path }),
      cases,
      shrinkFor: 120_000,
      onWorld() {
        if (tally.total < told + 5_000) return;
        told = tally.total;
        say(`${told} cases …`);
      },
    },
    tally,
  );
  say(`seed ${seed}\n${String(tally)}`);
  expect(failure).toBeNull();
  if (path !== undefined) return;
  for (const property of ['answers like the reference', 'non-interference', 'conditional denials like plain ones'])
    expect(tally.of(property)).toBeGreaterThan(0);
  expect(tally.total).toBeGreaterThanOrEqual(cases);
  expect(tally.share('denials, masks or conditions')).toBeGreaterThanOrEqual(0.3);
  for (const met of ['counts', ...(long ? ['suppressed counts', 'computed parts'] : [])])
    expect(tally.share(met)).toBeGreaterThan(0);
}, 3_600_000);

test('policy diff tells every change of a decision, and no other', () => {
  const tally = new Tally();
  const pairs = Math.max(5, Math.ceil(cases / 200));
  const failure = proveDiff({ seed, ...(diffPath === undefined ? {} : { path: diffPath }), pairs }, tally);
  say(`seed ${seed}\n${String(tally)}`);
  expect(failure).toBeNull();
  expect(tally.share('denials, masks or conditions')).toBeGreaterThanOrEqual(0.3);
}, 3_600_000);

/** The property that finds each leak, by the first line of its report. */
const foundBy: Readonly<Record<keyof typeof leaks, RegExp>> = {
  'a forgotten column': /^the answer is not what the policies say\n\* .*, should be null$/m,
  'a count of all records': /^the answer is not what the policies say\n\* .*totalCount: \d+, should be \d+$/m,
  'a table of all records': /^the answer is not what the policies say\n\* data\.\w+Statistics\d?/m,
  'an error that quotes a value':
    /^the answer depends on what is hidden\n\* .*(?:outside its handling unit\)|; ask \w+) \(/m,
  'a cursor that tells a hidden value': /^the answer depends on what is hidden\n\* .*(?:c|C)ursor/m,
  'a record kept from another caller': /^the answer is not what the policies say\n\* /m,
  'a name left in free text': /^the answer is not what the policies say\n\* .*, should be ".*\[姓名\]/m,
  'an address left in free text': /^the answer is not what the policies say\n\* .*, should be ".*\[地址\]/m,
  'a conditional denial that reads otherwise':
    /is denied, but not as a field that is always denied\n\* .*on this record/m,
};

test.each(Object.entries(leaks))(
  '%s is found',
  async (name, leak) => {
    const tally = new Tally();
    const failure = await proveWorlds({ seed: 6, cases: 10_000, shrinkFor: 0, leak }, tally);
    expect(failure).not.toBeNull();
    expect(failure).toMatch(new RegExp(Object.entries(foundBy).find(([of]) => of === name)?.[1] ?? /$^/));
    say(`${name}: found after ${tally.total} cases`);
  },
  300_000,
);

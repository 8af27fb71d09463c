import { format } from 'prettier';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { callers, joinedQuery } from './joined-query.ts';

/*
 * One query, four callers, four whole answers. The files under `answers/` are to be read by a person beside the
 * connectors' sharing.yaml: a line that changes there is a change of what an agency gives away.
 */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

/**
 * The answer for a snapshot: the policy's version (it changes with each edit of a policy) by name, and pseudonyms (their
 * secret is made with each data folder) numbered as they appear, so that one person still shows as one.
 */
async function reviewable(text: string): Promise<string> {
  const numbers = new Map<string, number>();
  const plain = text
    .replaceAll(hub.hub.sources.policy.version, 'POLICY_VERSION')
    .replaceAll(/人员-[A-Z2-7]{10}/g, (one) => `人员-${numbers.get(one) ?? numbers.set(one, numbers.size + 1).size}`);
  const { data, errors, extensions } = JSON.parse(plain) as Record<'data' | 'errors' | 'extensions', unknown>;
  return format(JSON.stringify({ data, errors, extensions }), { parser: 'json', printWidth: 120 });
}

test.each(callers)('the showcase ticket as it is for the %s', async (file, asker) => {
  const answer = await hub.ask(asker, joinedQuery, { ticketNo: showcase.ticketNo });
  expect(answer.status).toBe(200);
  await expect(await reviewable(answer.text)).toMatchFileSnapshot(`answers/${file}.json`);
});

test('the same question gives the same bytes, asked alone or side by side', async () => {
  const ask = (asker: Asker) => hub.ask(asker, joinedQuery, { ticketNo: showcase.ticketNo });
  const alone: string[] = [];
  for (const [, asker] of callers) alone.push((await ask(asker)).text);
  const together = await Promise.all([...callers, ...callers].map(([, asker]) => ask(asker)));
  expect(together.map((a) => a.text)).toEqual([...alone, ...alone]);
});

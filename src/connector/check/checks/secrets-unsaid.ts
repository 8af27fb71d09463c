import type { Bench } from '../bench.ts';
import { Problems, type Check } from '../check.ts';
import type { Fault } from '../fault-proxy.ts';
import { impatient } from '../faulted-loads.ts';
import { everyLoad } from '../loads.ts';
import { outcomeOf } from '../outcome.ts';
import type { Stand } from '../stand.ts';
import { unsayable, type Unsayable } from '../unsayable.ts';

/** Answers that quote what was asked: a careless driver passes them on in its message. */
const echoes: readonly Fault[] = [
  { kind: 'answer', status: 400, body: '{"message":"no such record"}', echo: true },
  { kind: 'answer', status: 500, body: 'java.sql.SQLException near', echo: true },
  { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '{"records":[', echo: true },
  { kind: 'halve', cut: false },
  { kind: 'refuse' },
];

/** No error and no statement holds a key, a record's value, a secret or the source's address. */
export const secretsUnsaid: Check = {
  name: 'secrets-unsaid',
  async run(bench) {
    const stand = await bench.stand({ settings: impatient(bench.quick) });
    const hidden = unsayable(bench, stand);
    const problems = new Problems();
    const errors: string[] = [];
    errors.push(...(await errorsOf(bench, stand)));
    const { way } = stand;
    if (way.kind === 'files') {
      for (const damage of ['hide', 'garble', 'halve'] as const)
        errors.push(...(await errorsOf(bench, await bench.stand({ damage, settings: impatient(bench.quick) }))));
    } else
      for (const fault of echoes) {
        if (way.kind === 'tcp' && fault.kind !== 'refuse') continue;
        await way.proxy.set(fault);
        errors.push(...(await errorsOf(bench, stand)));
      }
    for (const [what, texts] of [
      ['an error', errors],
      ['a statement', stand.statements],
    ] as const)
      problems.add(...new Set(texts.flatMap((text) => said(what, text, hidden))));
    return problems.finding(`${errors.length} errors and ${stand.statements.length} statements`);
  },
};

/** What the errors of all loads say to whoever logs or shows them. Their cause is for a debugger and stays out of both. */
async function errorsOf(bench: Bench, stand: Stand): Promise<string[]> {
  const loads = bench.entities.flatMap((of) => everyLoad(of).map((load) => ({ of, load })));
  const outcomes = await Promise.all(
    loads.map(({ of, load }) =>
      outcomeOf((signal) => load.run(stand.source(of.type), signal), {
        patience: stand.settings.answerMilliseconds,
        slack: 2_500,
      }),
    ),
  );
  return outcomes.flatMap((outcome) => {
    if (outcome.kind !== 'error') return [];
    const { error } = outcome;
    const { cause: _, ...own } = error instanceof Error ? { ...error, cause: undefined } : { cause: undefined };
    return [`${String(error)} ${error instanceof Error ? (error.stack ?? '') : ''} ${JSON.stringify(own)}`];
  });
}

function said(what: string, text: string, hidden: readonly Unsayable[]): string[] {
  return hidden.filter((h) => text.includes(h.text)).map((h) => `${what} holds ${h.what}`);
}

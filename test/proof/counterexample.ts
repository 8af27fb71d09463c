import type { Change } from './changes.ts';
import { policyText } from './house.ts';
import type { Question } from './question.ts';
import { sdlOf } from './sdl.ts';

/** A case that breaks a property, in words from which it can be understood and done by hand. */
export function counterexample(
  what: string,
  { house, caller, text, variables }: Pick<Question, 'house' | 'caller' | 'text' | 'variables'>,
  wrong: readonly string[],
  change?: Change,
): Error {
  const { world } = house;
  const records = [...world.records].map(
    ([type, of]) => `${type}\n${of.map((r) => `  ${JSON.stringify(r)}`).join('\n')}`,
  );
  const modules = sdlOf(world.schema).filter((m) => m.agency !== 'hub');
  return new Error(
    [
      what,
      ...wrong.map((w) => `* ${w}`),
      `caller: ${JSON.stringify(caller)}`,
      `query: ${text}`,
      `variables: ${JSON.stringify(variables)}`,
      ...(change === undefined
        ? []
        : change.records.flatMap(({ type, key, field, before, after }) => [
            `change (${change.kind}): ${type.name} ${key} ${field ?? ''}`,
            `  before ${JSON.stringify(before)}`,
            `  after  ${JSON.stringify(after)}`,
          ])),
      '--- records',
      ...records,
      ...world.policies.map((p) => `--- ${p.agency}/sharing.yaml\n${policyText(p)}`),
      ...modules.map((m) => `--- ${m.file}\n${m.sdl}`),
      `--- executor ${house.executor}`,
    ].join('\n'),
  );
}

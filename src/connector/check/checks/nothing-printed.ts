import { Problems, type Check } from '../check.ts';
import { everyLoad } from '../loads.ts';
import { printedBy } from '../printed.ts';
import { impatient } from '../faulted-loads.ts';
import { outcomeOf } from '../outcome.ts';
import { unsayable } from '../unsayable.ts';

/** Neither stdout nor stderr gets a value, a secret or an address: whoever runs the hub keeps what it prints. */
export const nothingPrinted: Check = {
  name: 'nothing-printed',
  async run(bench) {
    const stand = await bench.stand({ settings: impatient(bench.quick) });
    const { way } = stand;
    const problems = new Problems();
    const loads = bench.entities.flatMap((of) => everyLoad(of).map((load) => ({ of, load })));
    const all = (): Promise<unknown> =>
      Promise.all(
        loads.map(({ of, load }) =>
          outcomeOf((signal) => load.run(stand.source(of.type), signal), {
            patience: stand.settings.answerMilliseconds,
            slack: 2_500,
          }),
        ),
      );
    const printed = await printedBy(async () => {
      await all();
      // What is printed is mostly what went wrong.
      if (way.kind === 'files') way.files.hide();
      else await way.proxy.set({ kind: 'reset' });
      await all();
      if (way.kind === 'files') way.files.restore();
      else await way.proxy.set({ kind: 'none' });
    });
    const held = unsayable(bench, stand).filter(({ text }) => printed.includes(text));
    problems.add(...new Set(held.map(({ what }) => `what was printed holds ${what}`)));
    return problems.finding(`${printed.length} characters printed by ${2 * loads.length} loads`);
  },
};

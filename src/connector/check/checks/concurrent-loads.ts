import { isDeepStrictEqual } from 'node:util';
import type { EntitySource, KeyLoad } from '../../connector.ts';
import { Problems, type Check } from '../check.ts';
import { everyLoad, keyLoad, keysOf, type NamedLoad } from '../loads.ts';

/** Loads that run side by side each get their own answer: whatever a driver keeps between two steps is one load's alone. */
export const concurrentLoads: Check = {
  name: 'concurrent-loads',
  async run(bench) {
    const stand = await bench.shared();
    const problems = new Problems();
    const loads = bench.entities.flatMap((of) => {
      const { key, mapping } = { ...of.entity };
      const keys = keysOf(of, key);
      const fields = Object.keys(mapping);
      // The like of one another, so that nothing but the answer tells a mix-up.
      const alike = keys.slice(0, 12).map((one, i): NamedLoad => {
        const load = { key, keys: [one], fields: [...new Set([key, fields[i % fields.length] ?? key])] };
        return { name: `${of.type} by one ${key}`, run: byKeys(load) };
      });
      const some = [keys.slice(0, 9), keys.slice(5, 17).toReversed()].map((part): NamedLoad => ({
        name: `${of.type} by ${part.length} of ${key}`,
        run: byKeys({ key, keys: part }),
      }));
      return [...alike, ...some, ...everyLoad(of)].map((load) => ({ type: of.type, load }));

      function byKeys(load: Pick<KeyLoad, 'key' | 'keys'> & Partial<KeyLoad>) {
        return (source: EntitySource, signal: AbortSignal) => source.loadByKeys(keyLoad(of, { ...load, signal }));
      }
    });
    await Promise.all(
      loads.map(async ({ type, load }) => {
        const right = await load.run(stand.reference(type), AbortSignal.timeout(60_000));
        const got = await stand.ask(load.name, (signal) => load.run(stand.source(type), signal));
        if (!isDeepStrictEqual(got, right)) problems.add(`${load.name}: not its own answer while others ran`);
      }),
    );
    return problems.finding(`${loads.length} loads side by side`);
  },
};

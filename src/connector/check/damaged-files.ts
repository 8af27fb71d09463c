import type { Bench } from './bench.ts';
import { Problems, type Finding } from './check.ts';
import { endsOf, impatient } from './faulted-loads.ts';
import type { StandOptions } from './stand.ts';

/** Loads of a source whose files are damaged before it is opened end with an error, or with all that is right. */
export async function damagedFiles(bench: Bench, damage: NonNullable<StandOptions['damage']>): Promise<Finding> {
  const stand = await bench.stand({ damage, settings: { ...impatient(bench.quick) } });
  const { problems: found, loads } = await endsOf(bench, stand, { orRight: damage === 'halve' });
  const problems = new Problems();
  problems.add(...found);
  return problems.finding(`${loads} loads of damaged files`);
}

import fc from 'fast-check';
import { openHouse } from './house.ts';
import type { LeakOf } from './leaks.ts';
import { callerOf, queryOf } from './query-arbitrary.ts';
import { ask, checkAnswer, checkInterference, checkTwin } from './question.ts';
import { Tally } from './tally.ts';
import { questionChoices, worldChoices, worldOf, type QuestionChoices, type WorldChoices } from './world-arbitrary.ts';

export interface ProofOptions {
  readonly seed: number;
  /** Where in the shrinking of a failed run to go on: printed with it. */
  readonly path?: string;
  /** How many cases are enough. */
  readonly cases: number;
  readonly leak?: LeakOf;
  /** Milliseconds in which a failing case is made smaller. */
  readonly shrinkFor: number;
  /** Called after each world. */
  readonly onWorld?: () => void;
}

/** Queries in each world; each is asked by three callers. */
const questions = 8;

/**
 * Generates worlds and checks every property in each. Resolves to the failure's report, with the smallest case that was
 * found, or to null.
 */
export async function proveWorlds(options: ProofOptions, tally: Tally): Promise<string | null> {
  const { seed, path, cases, leak, shrinkFor, onWorld } = options;
  // Without the library's bias to small numbers: a choice by number has no small case of its own.
  const generated = fc.noBias(
    fc.tuple(worldChoices, fc.array(questionChoices, { minLength: questions, maxLength: questions })),
  );
  let failedAt: number | null = null;
  const result = await fc.check(
    fc.asyncProperty(generated, async ([world, of]) => {
      // Once the time for shrinking is over nothing smaller is looked for.
      if (failedAt === null && tally.total >= cases) return;
      if (failedAt !== null && performance.now() > failedAt + shrinkFor) return;
      try {
        // What is looked at to make a failing case smaller is no case of the run.
        await proveWorld(world, of, failedAt === null ? tally : new Tally(), leak);
      } catch (error) {
        failedAt ??= performance.now();
        throw error;
      }
      onWorld?.();
    }),
    { numRuns: Math.max(20, Math.ceil(cases / 20)), seed, ...(path === undefined ? {} : { path }) },
  );
  if (!result.failed) return null;
  const { errorInstance } = result;
  const what = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const stack = errorInstance instanceof Error && !what.includes('--- records') ? `\n${errorInstance.stack ?? ''}` : '';
  return `seed ${result.seed}, path ${result.counterexamplePath ?? ''}, after ${result.numRuns} worlds and ${result.numShrinks} steps of shrinking\n${what}${stack}`;
}

async function proveWorld(
  choices: WorldChoices,
  questions: readonly QuestionChoices[],
  tally: Tally,
  leak: LeakOf | undefined,
): Promise<void> {
  const world = worldOf(choices);
  // graphql-js starts at once; a share of the worlds goes through the hub's own executor and its compiler.
  const house = await openHouse(world, choices.mercurius === 15 ? 'mercurius' : 'graphql', leak?.());
  try {
    for (const { query: asked, callers, changes } of questions) {
      const query = queryOf(asked, world);
      for (const who of callers) {
        const caller = callerOf(who, query, world);
        const question = await ask(house, caller, query);
        checkAnswer(question, tally);
        for (const choice of changes) await checkInterference(question, choice, tally);
        await checkTwin(question, changes[0] ?? 0, tally);
      }
    }
  } finally {
    await house.close();
  }
}

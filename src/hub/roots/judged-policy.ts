import type { SchemaFacts } from '../../access/facts.ts';
import { parsePolicy, type ParsedPolicy } from '../../access/policy-file.ts';
import { compilePolicy, type Policy } from '../../access/policy.ts';
import { ConfigurationError, type Problem } from '../../access/problem.ts';
import type { CheckedPolicy } from '../../policy/check.ts';
import type { Steps } from '../../policy/turns.ts';

/** A set of policies that could be in force, or every reason why it could not. */
export type Judged =
  | { readonly kind: 'policy'; readonly checked: CheckedPolicy }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** The texts of a set of policies, and the contract that they are judged by. */
export interface PolicyTexts {
  readonly texts: readonly { readonly agency: string; readonly file: string; readonly text: string }[];
  readonly facts: SchemaFacts;
  readonly sdl: readonly string[];
  readonly entities: ReadonlySet<string>;
  readonly paged: ReadonlySet<string>;
  readonly joinReads: CheckedPolicy['joinReads'];
  /** What else must be right about it. */
  readonly unfit: (policy: Policy, parsed: readonly ParsedPolicy[]) => readonly Problem[];
}

/** Reads and compiles the texts, file by file. Whole or refused, never in part. */
export function* judgeSteps({ texts, facts, sdl, entities, paged, joinReads, unfit }: PolicyTexts): Steps<Judged> {
  const parsed: ParsedPolicy[] = [];
  const problems: Problem[] = [];
  for (const { agency, file, text } of texts) {
    problems.push(
      ...problemsOf(() => {
        const policy = parsePolicy(text, file);
        parsed.push(policy);
        return policy.value.agency === agency
          ? []
          : [policy.problem(['agency'], `this is the policy of ${agency}, but it names ${policy.value.agency}`)];
      }),
    );
    yield;
  }
  if (problems.length > 0) return { kind: 'refused', problems };
  let policy: Policy | null = null;
  problems.push(
    ...problemsOf(() => {
      policy = compilePolicy(parsed, facts, sdl);
      return unfit(policy, parsed);
    }),
  );
  return policy === null || problems.length > 0
    ? { kind: 'refused', problems }
    : { kind: 'policy', checked: { policy, facts, parsed, entities, paged, joinReads } };
}

function problemsOf(judge: () => readonly Problem[]): readonly Problem[] {
  try {
    return judge();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

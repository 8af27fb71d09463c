import type { Logger } from 'pino';
import type { Policy } from '../access/policy.ts';
import { parsePolicy, type ParsedPolicy } from '../access/policy-file.ts';
import { ConfigurationError, type Problem } from '../access/problem.ts';
import { formatDateTime } from '../codes/date-time.ts';
import { endedAlready } from '../policy/expired.ts';
import type { PolicyHistory } from '../policy/history.ts';
import { loadJudged, type Contract, type JudgedPolicies } from './house.ts';

/** The policies that requests are judged by from `since` (RFC 3339, +08:00) on. */
export interface PolicyState extends JudgedPolicies {
  readonly since: string;
}

/** Why the files as they stand now are not in force. */
export interface PolicyRefusal {
  readonly at: string;
  readonly problems: readonly Problem[];
}

export type Reload =
  | { readonly kind: 'unchanged' | 'admitted'; readonly version: string }
  | { readonly kind: 'refused'; readonly version: string; readonly refusal: PolicyRefusal };

/** The version in force. A request takes `current` once, when it begins, and finishes with it. */
export interface PolicyInForce {
  readonly current: PolicyState;
  /** The last attempt's refusal; null once the files are in force again. */
  readonly refusal: PolicyRefusal | null;
  /** Reads all files anew: all of them come into force together, or none does and the old version stays. */
  reload(): Reload;
}

export interface PolicyInForceParts {
  readonly contract: Contract;
  readonly policyRoot: string;
  readonly history: PolicyHistory;
  /** What the opened sources cannot do for this policy. */
  readonly unfit: (policy: Policy) => readonly Problem[];
  /** Called when another version has come into force. */
  readonly changed: () => void;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Brings the policies into force. Throws `ConfigurationError` at the start, where there is no older version to keep. */
export function bringIntoForce(parts: PolicyInForceParts): PolicyInForce {
  let current = admit(parts, null);
  let refusal: PolicyRefusal | null = null;
  return {
    get current() {
      return current;
    },
    get refusal() {
      return refusal;
    },
    reload() {
      const { version } = current.policy;
      try {
        const next = admit(parts, current);
        refusal = null;
        if (next.policy.version === version) return { kind: 'unchanged', version };
        current = next;
        parts.changed();
        parts.logger.info({ policyVersion: next.policy.version, before: version }, 'the sharing policies have changed');
        return { kind: 'admitted', version: next.policy.version };
      } catch (error) {
        const problems = problemsOf(error);
        refusal = { at: formatDateTime(parts.now()), problems };
        parts.logger.error(
          { policyVersion: version, problems },
          'the changed policies are refused; the old ones stay in force',
        );
        return { kind: 'refused', version, refusal };
      }
    },
  };
}

/** Judges the files and keeps the version before anybody is judged by it: what could not be replayed never decides. */
function admit(
  { contract, policyRoot, history, unfit, now }: PolicyInForceParts,
  before: PolicyState | null,
): PolicyState {
  const judged = loadJudged(contract, policyRoot);
  const { policy, parsed } = judged;
  if (policy.version === before?.policy.version) return before;
  const at = now();
  const today = formatDateTime(at).slice(0, 10);
  const ended = history.wasInForce(policy.version)
    ? []
    : endedAlready(parsed, before?.parsed ?? lastInForce(history), today);
  const problems = [...unfit(policy), ...ended];
  if (problems.length > 0) throw new ConfigurationError(problems);
  history.enter(
    {
      version: policy.version,
      policies: parsed.map((p) => ({ agency: p.value.agency, file: p.file, text: p.text })),
      sdl: contract.sdl.map(({ agency, file, sdl }) => ({ agency, file, sdl })),
    },
    at,
  );
  return { ...judged, since: formatDateTime(at) };
}

/** The texts that were in force when the hub last ran: what ran out meanwhile is nobody's slip. */
function lastInForce(history: PolicyHistory): readonly ParsedPolicy[] {
  const last = history.changes().at(-1);
  const texts = last === undefined ? null : history.read(last.version);
  return (texts?.policies ?? []).flatMap(({ text, file }): ParsedPolicy[] => {
    try {
      return [parsePolicy(text, file)];
    } catch (error) {
      // A text of an earlier form says nothing of the lines of this one.
      if (error instanceof ConfigurationError) return [];
      throw error;
    }
  });
}

function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof ConfigurationError) return error.problems;
  // The history's disk, then: its code says enough.
  const { code } = error as { code?: unknown };
  return [
    {
      file: 'policies',
      message: `the version cannot be kept in the data folder (${typeof code === 'string' ? code : 'unknown'}), so it does not come into force`,
    },
  ];
}

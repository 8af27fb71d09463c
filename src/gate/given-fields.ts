import type { AccessPlan } from '../access/plan.ts';
import type { MaskName } from '../access/mask-name.ts';
import type { AccessReport, GivenVerdict } from './report.ts';

/** A field that was given, and the line of the policy (`agency/grant`) that gave it, plainly or under its mask. */
export interface GivenField {
  readonly coordinate: string;
  readonly rule: string;
  readonly mask: MaskName | null;
}

type Given = AccessReport['given'];

/** All fields that one answer gave, in a fixed order: what a replay is compared with. */
export interface GivenFields {
  readonly fields: readonly GivenField[];
  /** Each once. */
  readonly coordinates: readonly string[];
}

/** What the last answer of a plan gave: mostly that of the next one as well. */
const last = new WeakMap<AccessPlan, GivenFields & { readonly given: Given }>();

/** By which lines of the policy each field was given. */
export function givenFields(plan: AccessPlan, { given }: AccessReport): GivenFields {
  const before = last.get(plan);
  if (before !== undefined && isSame(before.given, given)) return before;
  const fields = sorted(given);
  const now = { given, fields, coordinates: [...new Set(fields.map((field) => field.coordinate))] };
  last.set(plan, now);
  return now;
}

/** The verdicts of a plan are the same objects for every answer. */
function isSame(before: Given, given: Given): boolean {
  if (before.size !== given.size) return false;
  for (const [coordinate, verdicts] of given) {
    const known = before.get(coordinate);
    if (known?.size !== verdicts.size) return false;
    for (const verdict of verdicts) if (!known.has(verdict)) return false;
  }
  return true;
}

function sorted(given: Given): GivenField[] {
  return [...given.keys()].toSorted().flatMap((coordinate) => {
    const lines = new Map<string, GivenField>();
    for (const verdict of given.get(coordinate) ?? []) {
      const field = givenBy(coordinate, verdict);
      lines.set(`${field.rule} ${field.mask ?? ''}`, field);
    }
    return [...lines].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  });
}

function givenBy(coordinate: string, verdict: GivenVerdict): GivenField {
  return { coordinate, rule: verdict.rule, mask: verdict.status === 'MASKED' ? verdict.mask : null };
}

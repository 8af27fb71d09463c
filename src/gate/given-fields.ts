import { LRUCache } from 'lru-cache';
import type { AccessPlan } from '../access/plan.ts';
import type { MaskName } from '../access/mask-name.ts';
import type { GivenLine, GivenLines } from './given-lines.ts';

/** A field that was given, and the line of the policy (`agency/grant`) that gave it, plainly or under its mask. */
export interface GivenField {
  readonly coordinate: string;
  readonly rule: string;
  readonly mask: MaskName | null;
}

/** All fields that were given, in a fixed order: what a replay is compared with. */
export interface GivenFields {
  readonly fields: readonly GivenField[];
  /** Each once. */
  readonly coordinates: readonly string[];
}

/** Answers of one plan that differ in what they gave: so many are kept. */
const KEPT = 64;
const made = new WeakMap<AccessPlan, LRUCache<string, GivenFields>>();

/** By which lines of the policy each field was given. What an answer of the plan gave before is not worked out again. */
export function givenFields(plan: AccessPlan, lines: readonly GivenLines[]): GivenFields {
  let kept = made.get(plan);
  if (kept === undefined) made.set(plan, (kept = new LRUCache({ max: KEPT })));
  const key = lines
    .map((one) => one.id)
    .toSorted((a, b) => a - b)
    .join(' ');
  const known = kept.get(key);
  if (known !== undefined) return known;
  const fields = sorted(lines.flatMap((one) => one.of));
  const given = { fields, coordinates: [...new Set(fields.map((field) => field.coordinate))] };
  kept.set(key, given);
  return given;
}

function sorted(lines: readonly GivenLine[]): GivenField[] {
  const byName = new Map<string, GivenField>();
  for (const { coordinate, verdict } of lines) {
    const mask = verdict.status === 'MASKED' ? verdict.mask : null;
    byName.set(`${coordinate} ${verdict.rule} ${mask ?? ''}`, { coordinate, rule: verdict.rule, mask });
  }
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, field]) => field);
}

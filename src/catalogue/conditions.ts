import { z } from 'zod';
import { readCondition } from '../access/condition-file.ts';
import { printCondition, type Condition } from '../access/condition.ts';
import type { MaskName } from '../access/mask-name.ts';
import type { Consumer, ParsedPolicy } from '../access/policy-file.ts';
import { expandConsumers } from '../access/policy-names.ts';
import type { FieldRule, Policy, RightRule } from '../access/policy.ts';

/** For whom, for what and when a line of a policy counts. */
interface Terms {
  /** `agency/id` of the line in the owner's policy. */
  readonly rule: string;
  /** Agency (`*` for any) and roles. */
  readonly to: readonly Consumer[];
  /** In the policy's own words; `always`. */
  readonly when: string;
  /** First and last day, YYYY-MM-DD (+08:00); null where it is open. */
  readonly from: string | null;
  readonly until: string | null;
}

/** 共享方式: as it is stored, under a mask, not at all, or only compared with a value or counted by. */
export type SharingManner = 'PLAIN' | 'MASKED' | 'DENIED' | 'MATCH' | 'COUNT';

/** 共享条件 — what one grant says of a field. */
export interface SharingCondition extends Terms {
  readonly manner: SharingManner;
  readonly mask: MaskName | null;
  readonly purposes: readonly string[];
  readonly law: string;
}

/** 记录范围 — which records of a data set callers may know of at all. Several rules add up. */
export interface RecordRule extends Terms {
  /** Null for every purpose. */
  readonly purposes: readonly string[] | null;
}

/**
 * The grants of a field in the policy's order, of which the first that holds decides, then the rights to compare and to
 * count. A denial is listed where it takes something from a grant below it; any other only repeats that nothing is shared
 * by default.
 */
export function sharingConditions(coordinate: string, policy: Policy): SharingCondition[] {
  const rules = policy.allRules(coordinate);
  const limits = (rule: FieldRule, i: number): boolean =>
    rules.slice(i + 1).some((r) => r.outcome.kind !== 'deny' && meet(rule, r));
  return [
    ...rules
      .filter((rule, i) => rule.outcome.kind !== 'deny' || limits(rule, i))
      .map((rule) => inCatalogue(rule, ...mannerOf(rule))),
    ...policy.allRights('match', coordinate).map((rule) => inCatalogue(rule, 'MATCH')),
    ...policy.allRights('count', coordinate).map((rule) => inCatalogue(rule, 'COUNT')),
  ];
}

function mannerOf({ outcome }: FieldRule): [SharingManner, MaskName | null] {
  switch (outcome.kind) {
    case 'plain':
      return ['PLAIN', null];
    case 'mask':
      return ['MASKED', outcome.mask];
    case 'deny':
      return ['DENIED', null];
  }
}

function inCatalogue(rule: RightRule, manner: SharingManner, mask: MaskName | null = null): SharingCondition {
  const { id, to, purposes, law, when } = rule;
  return { rule: id, manner, mask, to, purposes, law, ...inWords(when) };
}

/** The row rules of a type. A compiled policy keeps none of their words, so that they are read from its text. */
export function recordRules(type: string, parsed: readonly ParsedPolicy[]): RecordRule[] {
  return parsed.flatMap((file) =>
    file.value.rows
      .filter((row) => row.of.includes(type))
      .map((row) => ({
        rule: `${file.value.agency}/${row.id}`,
        // The policy was compiled from this text, so that nothing can be wrong with it here.
        to: expandConsumers(file, row.to, [], ignore),
        purposes: row.purposes ?? null,
        ...inWords(readCondition(row.when, [], ignore, ignore)),
      })),
  );
}

function ignore(): void {}

/** Whether a caller exists that both lines are for. */
function meet(a: RightRule, b: RightRule): boolean {
  return (
    a.purposes.some((p) => b.purposes.includes(p)) &&
    a.to.some((x) =>
      b.to.some(
        (y) =>
          (x.agency === '*' || y.agency === '*' || x.agency === y.agency) && x.roles.some((r) => y.roles.includes(r)),
      ),
    )
  );
}

const period = z.object({ from: z.string().nullable().default(null), until: z.string().nullable().default(null) });

/** The period of a line stands among its conditions, and has a place of its own in the catalogue. */
function inWords(when: Condition): Pick<Terms, 'when' | 'from' | 'until'> {
  const parts = when.kind === 'all' ? when.of : [when];
  const inForce = parts.find((c) => c.kind === 'predicate' && c.name === 'inForce');
  if (inForce?.kind !== 'predicate') return { when: printCondition(when), from: null, until: null };
  return {
    when: printCondition({ kind: 'all', of: parts.filter((c) => c !== inForce) }),
    ...period.parse(inForce.args),
  };
}

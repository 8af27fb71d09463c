import type { AccessClass } from '../access/policy.ts';
import { inFilter, printClass, type ClassFilter } from './classes.ts';

export const findingKinds = [
  /** No explicit line decides the field for a class: only the default denies. */
  'UNDECIDED',
  /** All lines are conditional, so that a record may fall through to the default. */
  'OPEN_END',
  /** An earlier line with the same condition says something else. */
  'CONTRADICTION',
  /** The line changes nothing for any class: earlier ones decide, others give the same, or its condition never holds. */
  'DEAD_RULE',
  /** No line uses a name for callers or for a set of fields. */
  'UNUSED',
  /** A relation does not need the approval to join by a field. */
  'NEEDLESS_JOIN',
  /** A field that must not be null can be denied where others of its record are given: the whole record goes. */
  'KEY_DENIED',
  /** Fields are granted of records of which the class may know none. */
  'NO_ROWS',
  /** A row rule looks at the ticket or the match, and the records come in pages: counts would tell of hidden ones. */
  'TICKET_ROWS',
  /** The period of a grant or row rule is over. */
  'EXPIRED',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface PolicyFinding {
  readonly kind: FindingKind;
  readonly subject: string;
  readonly file: string;
  readonly line: number | null;
  readonly message: string;
  /** The classes that it concerns, as `agency ROLE PURPOSE`; empty for a rule as such. */
  readonly classes: readonly string[];
}

/** The findings that concern a class that the filter lets through, for these classes; and those of a line as such. */
export function findingsFor(
  findings: readonly PolicyFinding[],
  all: readonly AccessClass[],
  filter: ClassFilter,
): PolicyFinding[] {
  const asked = new Set(all.filter((one) => inFilter(one, filter)).map(printClass));
  return findings.flatMap((finding): PolicyFinding[] => {
    if (finding.classes.length === 0) return [finding];
    const classes = finding.classes.filter((one) => asked.has(one));
    return classes.length === 0 ? [] : [{ ...finding, classes }];
  });
}

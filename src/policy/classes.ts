import type { AccessClass, Policy } from '../access/policy.ts';
import { suggestion } from '../access/suggestion.ts';
import { purposes, roles, type Purpose, type Role } from '../identity/principal.ts';

/** Stands for every agency that is not listed: only what a policy gives to `'*'` reaches it. */
export const anyOther = '*';

/**
 * ` Did you mean X?` for a caller's agency that is none of these and nearly one of them, else the empty text. Any agency may
 * ask, but this one is a slip, and its denials would look like good news.
 */
export function nearAgency(agency: string, agencies: readonly string[]): string {
  return agency === anyOther || agencies.includes(agency) ? '' : suggestion(agency, agencies);
}

export interface ClassFilter {
  /** An agency, or `*` for one that is not listed. */
  readonly agency?: string;
  readonly role?: Role;
  readonly purpose?: Purpose;
}

/** The agencies whose callers are told apart: those with a connector, and those that a line of these policies names. */
export function callingAgencies(
  agencies: readonly string[],
  ...policies: readonly Pick<Policy, 'callers'>[]
): string[] {
  return [...new Set([...agencies, 'audit', ...policies.flatMap((policy) => [...policy.callers])])];
}

/**
 * Every class of callers that can come, narrowed by the filter: agency × role × purpose. A token may give any role to any
 * agency, and agencies may come that no connector stands for, so that none is left out: `*` is one of these.
 */
export function accessClasses(agencies: readonly string[], filter: ClassFilter = {}): AccessClass[] {
  return [...new Set([...agencies, 'audit', anyOther])]
    .flatMap((agency) => roles.flatMap((role) => purposes.map((purpose): AccessClass => ({ agency, role, purpose }))))
    .filter((one) => inFilter(one, filter));
}

/** Whether the filter lets the class through. */
export function inFilter(of: AccessClass, { agency, role, purpose }: ClassFilter): boolean {
  return (
    (agency === undefined || of.agency === agency) &&
    (role === undefined || of.role === role) &&
    (purpose === undefined || of.purpose === purpose)
  );
}

export function printClass({ agency, role, purpose }: AccessClass): string {
  return `${agency} ${role} ${purpose ?? '-'}`;
}

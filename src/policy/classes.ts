import type { AccessClass } from '../access/policy.ts';
import { purposes, roles, type Purpose, type Role } from '../identity/principal.ts';

/** Roles that only one agency has: grid workers belong to the grid, auditors to the audit. */
const homes: Partial<Readonly<Record<Role, string>>> = { GRID_WORKER: 'grid', AUDITOR: 'audit' };

export interface ClassFilter {
  readonly agency?: string;
  readonly role?: Role;
  readonly purpose?: Purpose;
}

/** Every class of callers that can come: agency × role × purpose, narrowed by the filter. */
export function accessClasses(agencies: readonly string[], filter: ClassFilter = {}): AccessClass[] {
  const all = [...new Set([...agencies, 'audit'])];
  return all
    .flatMap((agency) =>
      roles
        .filter((role) =>
          homes[role] === undefined ? agency !== 'audit' || role === 'STEWARD' : homes[role] === agency,
        )
        .flatMap((role) => purposes.map((purpose): AccessClass => ({ agency, role, purpose }))),
    )
    .filter(
      (c) =>
        (filter.agency === undefined || c.agency === filter.agency) &&
        (filter.role === undefined || c.role === filter.role) &&
        (filter.purpose === undefined || c.purpose === filter.purpose),
    );
}

export function printClass({ agency, role, purpose }: AccessClass): string {
  return `${agency} ${role} ${purpose ?? '-'}`;
}

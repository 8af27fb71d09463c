import { suggestion } from '../../access/suggestion.ts';
import { codedError } from '../../errors/coded-error.ts';
import { purposes, roles } from '../../identity/principal.ts';
import { anyOther, type ClassFilter } from '../../policy/classes.ts';

/** Arguments as the executor gives them: of the form that the schema says. */
export type Arguments = Readonly<Record<string, unknown>>;

/** A text, or null where it was left out. */
export function textOf(args: Arguments, name: string): string | null {
  const value = args[name];
  return typeof value === 'string' ? value : null;
}

/** Which callers are asked for. Throws `BAD_USER_INPUT`: a misspelt name would find nothing, and look like good news. */
export function classFilterOf(args: Arguments, agencies: readonly string[]): ClassFilter {
  const agency = agencyOf(args, 'agency', [...agencies, anyOther]);
  const role = oneOf(args, 'role', roles);
  const purpose = oneOf(args, 'purpose', purposes);
  return {
    ...(agency === null ? {} : { agency }),
    ...(role === null ? {} : { role }),
    ...(purpose === null ? {} : { purpose }),
  };
}

/** One of these agencies, or null where it was left out. Throws `BAD_USER_INPUT`. */
export function agencyOf(args: Arguments, name: string, agencies: readonly string[]): string | null {
  const agency = textOf(args, name);
  if (agency === null || agencies.includes(agency)) return agency;
  throw codedError('BAD_USER_INPUT', `${name}: there is no such agency.${suggestion(agency, agencies)}`);
}

/** One of a closed list, or null where it was left out. Throws `BAD_USER_INPUT`. */
export function oneOf<T extends string>(args: Arguments, name: string, all: readonly T[]): T | null {
  const text = textOf(args, name);
  const found = all.find((one) => one === text);
  if (text === null || found !== undefined) return found ?? null;
  const near = suggestion(text.toUpperCase(), all);
  throw codedError('BAD_USER_INPUT', `${name} must be one of ${all.join(', ')}${near === '' ? '' : `.${near}`}`);
}

import { isAgencyCode } from '../codes/agency.ts';

/** What a new connector is made of. */
export interface ScaffoldOptions {
  readonly agency: string;
  readonly source: ScaffoldKind;
  /** The record type; default `AgencyRecord`. */
  readonly type?: string;
  /** The agency in Chinese, for descriptions; default its code. */
  readonly title?: string;
}

export const scaffoldKinds = ['rest', 'graphql', 'soap', 'sql', 'file'] as const;
export type ScaffoldKind = (typeof scaffoldKinds)[number];

/** The names that the files of a new connector share. */
export interface Names {
  readonly agency: string;
  readonly title: string;
  /** `FireEmergency` */
  readonly type: string;
  /** `fireEmergency`: the lookup, and the mapping. */
  readonly one: string;
  /** `fireEmergencies`: the field of a ticket. */
  readonly many: string;
  /** `emergency`: the record in its match. */
  readonly node: string;
  /** `emergencyNo` */
  readonly key: string;
  /** `FireEmergencyMatch` */
  readonly match: string;
  /** `FireEmergencyState` */
  readonly state: string;
}

/** Throws `RangeError` for names that cannot be, with the way out. */
export function namesOf({ agency, type, title = agency }: ScaffoldOptions): Names {
  if (!isAgencyCode(agency))
    throw new RangeError(`"${agency}" is no agency's name; use a small letter, then letters and digits`);
  const pascal = type ?? `${agency.charAt(0).toUpperCase()}${agency.slice(1)}Record`;
  if (!/^[A-Z][A-Za-z0-9]{1,60}$/.test(pascal))
    throw new RangeError(`"${pascal}" is no type's name; write it as FireEmergency`);
  const one = `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`;
  const last = /[A-Z][a-z0-9]*$/.exec(pascal)?.[0] ?? pascal;
  const node = last.toLowerCase();
  return {
    agency,
    title,
    type: pascal,
    one,
    many: plural(one),
    node,
    key: `${node}No`,
    match: `${pascal}Match`,
    state: `${pascal}State`,
  };
}

function plural(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

import { isAgencyCode } from '../codes/agency.ts';
import { isReservedAgency, isReservedType, isReservedVariable } from './reserved.ts';
import type { TakenNames } from './taken.ts';

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

/** Fields of a match, which hold something else than the record, and the record's own. */
const matchFields = ['access', 'agency', 'confidence', 'source'];
const recordKeys = ['ticketNo'];

/** Throws `RangeError` for names that cannot be, with the way out. */
export function namesOf({ agency, type, title = agency }: ScaffoldOptions, taken: TakenNames): Names {
  if (!isAgencyCode(agency))
    throw new RangeError(`"${agency}" is no agency's name; use a small letter, then letters and digits`);
  if (isReservedAgency(agency))
    throw new RangeError(`"${agency}" already means something to the hub or to JavaScript; name the agency otherwise`);
  // It stands in SDL descriptions, in YAML, in Markdown and in a test's name.
  if (!/^[\p{L}\p{N}](?:[\p{L}\p{N} ·（）、-]{0,38}[\p{L}\p{N}）])?$/u.test(title))
    throw new RangeError(
      'the title must be 1 to 40 letters, digits, blanks, "·", "、", "-" and "（）": no quotes and no line ends; write it as 消防救援',
    );
  const pascal = type ?? `${agency.charAt(0).toUpperCase()}${agency.slice(1)}Record`;
  if (!/^[A-Z][A-Za-z0-9]{1,60}$/.test(pascal))
    throw new RangeError(`"${pascal}" is no type's name; write it as FireEmergency`);
  const one = `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`;
  const last = /[A-Z][a-z0-9]*$/.exec(pascal)?.[0] ?? pascal;
  const node = last.toLowerCase();
  const names: Names = {
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
  checkFree(names, taken);
  return names;
}

function checkFree({ type, one, many, node, key, match, state }: Names, taken: TakenNames): void {
  const otherwise = 'name the record type otherwise with --type, such as FireEmergency';
  for (const name of [type, match, state])
    if (taken.types.has(name)) throw new RangeError(`the schema has a type ${name} already; ${otherwise}`);
  if (type.endsWith('Connection') || type.startsWith('Input'))
    throw new RangeError(`"${type}" looks like a type of another kind; ${otherwise}`);
  if (isReservedType(type) || isReservedVariable(one) || isReservedVariable(many))
    throw new RangeError(`"${type}" already means something in the code; ${otherwise}`);
  if (taken.query.has(one)) throw new RangeError(`the schema has a root field ${one} already; ${otherwise}`);
  if (taken.ticket.has(many)) throw new RangeError(`a ticket has a field ${many} already; ${otherwise}`);
  if (matchFields.includes(node) || recordKeys.includes(key))
    throw new RangeError(`"${type}" ends in a word that its match or its record uses for something else; ${otherwise}`);
}

function plural(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

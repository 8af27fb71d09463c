import type { FieldFacts, PersonalKind } from './facts.ts';
import type { MaskName } from './mask-name.ts';

interface Fit {
  /** Scalars that can hold what the mask makes of a value. */
  readonly types: readonly string[];
  readonly holds: (personal: PersonalKind | null) => boolean;
  /** What it is for, in a message. */
  readonly what: string;
}

/**
 * What each mask is made for. On anything else it would hide nothing (an address in a name's place), let a text through
 * that it was not written for, or make what the field's type cannot hold.
 */
const fits: Readonly<Record<MaskName, Fit>> = {
  phone: { types: ['String', 'Phone'], holds: (kind) => kind === 'PHONE', what: 'phone numbers' },
  name: { types: ['String'], holds: (kind) => kind === 'NAME', what: 'names' },
  idNumber: { types: ['String', 'ResidentId'], holds: (kind) => kind === 'ID_NUMBER', what: 'ID numbers' },
  address: { types: ['String'], holds: (kind) => kind === 'ADDRESS', what: 'addresses' },
  // In a text it would hide what the text is about, and still be the same for the same text.
  pseudonym: { types: ['String'], holds: (kind) => kind !== 'FREE_TEXT', what: 'texts that name somebody' },
  redacted: { types: ['String'], holds: (kind) => kind === 'FREE_TEXT', what: 'free text' },
};

/** Why the mask cannot stand on the field, and which can; null where it can. */
export function maskMisfit(mask: MaskName, { coordinate, personal, of }: FieldFacts): string | null {
  const { types, holds, what } = fits[mask];
  if (types.includes(of) && holds(personal)) return null;
  const fitting = (Object.entries(fits) as [MaskName, Fit][]).filter(
    ([, fit]) => fit.types.includes(of) && fit.holds(personal),
  );
  const instead = fitting.length === 0 ? 'give it plainly or deny it' : `take ${fitting.map(([n]) => n).join(' or ')}`;
  const kind = personal === null ? '' : `, @personal(kind: ${personal})`;
  return `the mask ${mask} is for ${what}; ${coordinate} is ${of}${kind}: ${instead}`;
}

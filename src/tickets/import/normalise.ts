import { firstPhone } from '../../codes/phone.ts';
import type { FieldRule } from './mapping-schema.ts';
import type { MappableField } from './ticket-fields.ts';

/** How a source's way of writing a code is brought into the schema's. A text that is no such code stays wrong. */
interface Normaliser {
  /** The field whose code it is. */
  readonly field: MappableField;
  readonly normalise: (text: string) => string;
}

export const normalisers: Readonly<Record<NonNullable<FieldRule['normalise']>, Normaliser>> = {
  phone: { field: 'reporterPhone', normalise: (text) => firstPhone(text) ?? '' },
  uscc: { field: 'uscc', normalise: (text) => halfWidth(text).replace(/[\s-]/g, '').toUpperCase() },
  division: { field: 'divisionCode', normalise: (text) => unpadded(halfWidth(text).replace(/\s/g, '')) },
  grid: { field: 'gridCode', normalise: (text) => halfWidth(text).replace(/[^A-Za-z0-9_-]+/g, '-') },
};

/** Areas and streets are often written with twelve digits, zeros at the end: `350102000000` is `350102`. */
function unpadded(code: string): string {
  if (!/^\d{12}$/.test(code) || !code.endsWith('000')) return code;
  return code.endsWith('000000') ? code.slice(0, 6) : code.slice(0, 9);
}

const halfWidth = (text: string): string =>
  text.replace(/[！-～]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0));

import type { FieldMapping, SourceValue } from '../mapping.ts';
import type { StoredKind } from './column-terms.ts';

/**
 * Whether a column of this kind holds no value that the mapping can read, although it can be compared: `1` in a number's
 * column where `'1'` was a text. A filter would find nothing there, or nothing that can be read. Told by trying what such a
 * column gives of the values that the mapping knows; false where it knows none.
 */
export function cannotHold(kind: StoredKind | null, mapping: FieldMapping): boolean {
  const { write, known, span, samples = [] } = mapping;
  if (kind === null || write === undefined || (known === undefined && span === undefined && samples.length === 0))
    return false;
  const given = [...(known ?? []), ...(span ?? []), ...samples.map((sample) => sample.raw[0])];
  const stored = valuesOf(kind, given, known !== undefined);
  return stored !== null && !stored.some((value) => canRead(mapping, value));
}

/** What a column of this kind gives of these values; null where that cannot be told. */
function valuesOf(kind: StoredKind, given: readonly SourceValue[], few: boolean): readonly SourceValue[] | null {
  const texts = given.flatMap((v) => (typeof v === 'string' || typeof v === 'number' ? [String(v)] : []));
  const whole = texts.map(Number).filter((n, i) => Number.isSafeInteger(n) && String(n) === texts[i]);
  // Some read any number, such as a text that is a code.
  if (!few) whole.push(1);
  switch (kind) {
    case 'text':
      // Whoever reads text may read any form of it, unless its values are few.
      return few ? texts : null;
    case 'integer':
      return whole;
    case 'decimal':
      // As text or as a number, by its length.
      return [...texts.filter((t) => /^-?\d+(\.\d+)?$/.test(t)), ...whole];
    case 'affine':
      return [...texts.filter((t) => Number.isNaN(Number(t))), ...whole];
    case 'boolean':
      return [true, false];
    case 'date':
      return ['2026-11-05'];
    case 'timestamp':
      return ['2026-11-05 10:12:30'];
    case 'other':
      return null;
  }
}

function canRead({ read }: FieldMapping, value: SourceValue): boolean {
  try {
    return read(value) !== null;
  } catch {
    return false;
  }
}

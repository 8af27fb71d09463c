import type { ShareCategory } from '../../src/access/facts.ts';
import type { FieldModel, ValueKind } from './model.ts';
import { personalOf } from './values.ts';

/** A field that holds a value of this kind. */
export function valueField(
  type: string,
  name: string,
  owner: string,
  kind: ValueKind,
  category: ShareCategory,
  more: Partial<Pick<FieldModel, 'hidden' | 'official' | 'nonNull'>> = {},
): FieldModel {
  return {
    type,
    name,
    owner,
    category,
    personal: personalOf[kind] ?? null,
    official: false,
    hidden: false,
    nonNull: false,
    ...more,
    holds: { kind: 'value', of: kind },
  };
}

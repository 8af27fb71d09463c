import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { isAgencyCode } from '../codes/agency.ts';
import { isDate, isDateTime } from '../codes/date-time.ts';
import { isDivisionCode } from '../codes/division.ts';
import { isComponentCode, isGridCellCode, isGridCode } from '../codes/grid.ts';
import { readLooseDateTime } from '../codes/loose-date-time.ts';
import { isMoney } from '../codes/money.ts';
import { isMonth } from '../codes/month.ts';
import { isPhone } from '../codes/phone.ts';
import { isResidentId } from '../codes/resident-id.ts';
import { isUscc } from '../codes/uscc.ts';

interface TextScalar {
  readonly name: string;
  /** What a right value looks like. Messages show this, never the value: it can be a person's. */
  readonly form: string;
  /** The value of an input text, or null for one that is not of the form. */
  readonly read: (text: string) => string | null;
  /** Whether a text may go out. */
  readonly shows: (text: string) => boolean;
}

/** Every scalar of `schema/scalars.graphql` by its name. Input and output are checked; all values are text. */
export const scalars: Readonly<Record<string, GraphQLScalarType<string, string>>> = Object.fromEntries(
  [
    {
      name: 'DateTime',
      form: 'RFC 3339 with an offset, like 2026-11-23T09:30:00+08:00',
      read: readRfc3339,
      shows: isDateTime,
    },
    checked('Date', 'a real date like 2026-11-23', isDate),
    checked('Month', 'a calendar month like 2026-10', isMonth),
    checked('USCC', '18 digits and capital letters with both check characters right', isUscc),
    {
      ...checked('ResidentId', '18 characters with a real birth date and the right check character', isResidentId),
      shows: (text: string) => isResidentId(text) || isMaskedResidentId(text),
    },
    checked('DivisionCode', '6, 9 or 12 digits like 350102', isDivisionCode),
    checked('GridCode', "1 to 32 letters, digits, '-' and '_'", isGridCode),
    checked('GridCellCode', '15 digits', isGridCellCode),
    checked('ComponentCode', '16 digits', isComponentCode),
    {
      ...checked('Phone', '13800000000, 0591-80000000, 4008000000 or a short number of 3 to 6 digits', isPhone),
      shows: (text: string) => isPhone(text) || isMaskedPhone(text),
    },
    checked('Money', 'decimal text with at most two places like 1234.50', isMoney),
    checked('AgencyCode', 'a small letter, then at most 31 letters and digits, like hotline', isAgencyCode),
  ].map((scalar) => [scalar.name, textScalar(scalar)]),
);

function checked(name: string, form: string, is: (text: string) => boolean): TextScalar {
  return { name, form, read: (text) => (is(text) ? text : null), shows: is };
}

function textScalar({ name, form, read, shows }: TextScalar): GraphQLScalarType<string, string> {
  const parse = (value: unknown): string => {
    const parsed = typeof value === 'string' ? read(value) : null;
    if (parsed === null) {
      throw new GraphQLError(`${name} expects ${form}, as text`, { extensions: { code: 'BAD_USER_INPUT' } });
    }
    return parsed;
  };
  return new GraphQLScalarType<string, string>({
    name,
    serialize(value) {
      if (typeof value === 'string' && shows(value)) return value;
      throw new GraphQLError(`A source gave a value that is no ${name}: expected ${form}`, {
        extensions: { code: 'INTERNAL' },
      });
    },
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
}

/** Any offset is taken and turned into +08:00; a fraction of a second is cut off. */
export function readRfc3339(text: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/.test(text)) return null;
  try {
    return readLooseDateTime(text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** `138****5678`, `0591-****4321`, or stars alone. */
function isMaskedPhone(text: string): boolean {
  return /^(?:1[3-9]\d\*{4}\d{4}|0\d{2,3}-\*{3,4}\d{4}|\*{3,11})$/.test(text);
}

/** `110105********002X`, or stars alone. */
function isMaskedResidentId(text: string): boolean {
  return /^(?:\d{6}\*{8}\d{3}[\dX]|\*{3,18})$/.test(text);
}

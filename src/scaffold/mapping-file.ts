import type { Names } from './names.ts';

/** `mapping.ts`: the source's columns to the schema's fields. */
export function mappingFile({ type, one, key }: Names): string {
  return `import { codeTable, phone, spacedDateTime, text } from '../../src/connector/codings.ts';
import { column, type Mapping } from '../../src/connector/mapping.ts';
import type { ${type} } from './records.ts';

const states = codeTable({ '1': 'OPEN', '2': 'CLOSED' });

export const ${one} = {
  ${key}: column('BH', text),
  ticketNo: column('GDBH', text),
  divisionCode: column('XZQHDM', text),
  happenedAt: column('FSSJ', spacedDateTime),
  state: column('ZT', states),
  summary: column('NR', text),
  contactName: column('LXR', text),
  contactPhone: column('LXDH', phone),
} satisfies Mapping<${type}>;
`;
}

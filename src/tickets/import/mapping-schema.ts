import { z } from 'zod';
import { fieldKinds, mappableFields } from './ticket-fields.ts';

const columnName = z.string().min(1).describe('A column of the file, as its header names it.');
const fixedValue = z.union([z.string(), z.number(), z.boolean()]);
/** Null stands for "no value". */
const mappedValue = fixedValue.nullable();

export const sourceSchema = z.strictObject({
  system: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, 'must be 1 to 32 letters, digits, "-" and "_"')
    .describe('Name of the source: the part of `ticketNo` before the colon.'),
  encoding: z
    .enum(['auto', 'utf-8', 'gb18030'])
    .default('auto')
    .describe('`auto`: a byte order mark decides, else UTF-8 if the first MiB is valid UTF-8, else GB18030.'),
  delimiter: z
    .enum(['auto', ',', ';', '\t', '|'])
    .default('auto')
    .describe('`auto`: the one that cuts the header into most columns.'),
  quote: z
    .union([z.enum(['"', "'"]), z.literal(false)])
    .default('"')
    .describe('The quoting character, or false where the source never quotes.'),
  skipLines: z.int().min(0).max(1000).default(0).describe('Lines above the header.'),
  timeZone: z
    .string()
    .default('Asia/Shanghai')
    .describe('IANA zone of times that are written without one. Asia/Shanghai is +08:00 the whole year.'),
});

export const keySchema = z
  .strictObject({
    column: columnName.optional(),
    columns: z.array(columnName).min(2).optional().describe('Several columns that together name a row.'),
    separator: z.string().min(1).max(8).default('-').describe('Stands between the `columns`.'),
  })
  .meta({ oneOf: [{ required: ['column'] }, { required: ['columns'] }] });

export const joinSchema = z.strictObject({
  columns: z.array(columnName).min(2),
  separator: z.string().default(' ').describe('Stands between the columns that are not empty.'),
});

const formatNames = 'Luxon tokens (`yyyy/M/d H:mm:ss`), `excel-serial` or `loose` (the usual Chinese ways of writing).';

export const ruleSchema = z
  .strictObject({
    column: columnName.optional(),
    join: joinSchema.optional().describe('Several columns put together; for a list field each is one item.'),
    template: z.string().optional().describe('Text with columns in braces: `{City}, {Street}`. `{{` is a brace.'),
    constant: fixedValue.optional().describe('The same value for each row.'),
    format: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .optional()
      .describe(`How times are written, tried in this order: ${formatNames}`),
    table: z.record(z.string(), mappedValue).optional().describe('Code of the source to value; null for "no value".'),
    otherwise: mappedValue.optional().describe('Value of codes that `table` lacks. Without it they are rejected.'),
    default: fixedValue.optional().describe('Value where the source has none.'),
    trim: z.boolean().default(true).describe('Whether white space around the text is dropped.'),
    split: z.string().min(1).optional().describe('Cuts a text into the items of a list field.'),
    required: z.boolean().default(false).describe('Whether a row without the value is rejected.'),
    normalise: z
      .enum(['phone', 'uscc', 'division', 'grid'])
      .optional()
      .describe('Brings the text into the form of the code before it is checked.'),
    emptyValues: z.array(z.string()).optional().describe('Texts that mean "no value": `N/A`, `-`.'),
    whenEmpty: z
      .enum(['clear', 'keep'])
      .default('clear')
      .describe('What an empty cell does to a value that the store already holds.'),
    onBad: z
      .literal(['reject', null])
      .default('reject')
      .describe('`reject`: a value that breaks the rules costs the row; null: it counts as an empty cell.'),
  })
  .meta({ id: 'FieldRule', oneOf: ['column', 'join', 'template', 'constant'].map((name) => ({ required: [name] })) });

const fieldsSchema = z.strictObject(
  Object.fromEntries(
    mappableFields.map((field) => {
      const { list, time, expected } = fieldKinds[field];
      const shape = time ? 'A time.' : list ? `A list; each item is ${expected}.` : `Is ${expected}.`;
      return [field, ruleSchema.optional().describe(shape)];
    }),
  ),
);

export const mappingSchema = z.strictObject({
  version: z.literal(1),
  source: sourceSchema,
  key: keySchema.describe('What names a row in its source: the part of `ticketNo` after the colon.'),
  onDuplicate: z
    .enum(['reject', 'last'])
    .default('reject')
    .describe('Which row of a file wins when several have one key: the first good one, or the last good one.'),
  fields: fieldsSchema,
});

export type Mapping = z.infer<typeof mappingSchema>;
export type FieldRule = z.infer<typeof ruleSchema>;
export type SourceRule = z.infer<typeof sourceSchema>;

/** The JSON Schema that editors check mapping files with, as text. */
export function mappingJsonSchema(): string {
  const schema = z.toJSONSchema(mappingSchema, { io: 'input' });
  return `${JSON.stringify({ title: 'Mapping of a ticket file (lianqiao import tickets)', ...schema }, null, 2)}\n`;
}

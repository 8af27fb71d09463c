import { readFileSync } from 'node:fs';
import { buildSchema, isEnumType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { MappingError } from '../../src/tickets/import/mapping-error.ts';
import { mappingJsonSchema } from '../../src/tickets/import/mapping-schema.ts';
import { parseMapping, readMapping } from '../../src/tickets/import/read-mapping.ts';
import { rowReader } from '../../src/tickets/import/row-reader.ts';
import { fieldKinds, mappableFields } from '../../src/tickets/import/ticket-fields.ts';
import { simpleMapping } from './import-kit.ts';

const header = ['no', 'time', 'title', 'x', 'y', 'twice', 'twice'];

/** What the mapping's problems say, one line each. */
function problems(text: string): string[] {
  try {
    rowReader(parseMapping(text, 'm.yaml'), header);
    return [];
  } catch (error) {
    if (error instanceof MappingError) return error.message.split('\n');
    throw error;
  }
}
const withFields = (...fields: string[]): string[] => problems(simpleMapping({ fields }));

test('a good mapping has no problems', () => expect(problems(simpleMapping())).toEqual([]));

test('unknown names are met with the nearest known one', () => {
  expect(
    withFields('titel: { column: title }', 'title: { colum: title }', 'type: { column: x, tabel: { a: REPORT } }'),
  ).toEqual([
    'm.yaml:7:3: unknown field titel. Did you mean title? Fields are those of Ticket in schema/ticket.graphql.',
    expect.stringMatching(/^m\.yaml:8:12: unknown setting colum\. Did you mean column\? Known: column, join, /),
    expect.stringMatching(/^m\.yaml:9:22: unknown setting tabel\. Did you mean table\? /),
  ]);
  expect(withFields('ticketNo: { column: no }', 'updatedAt: { column: time }')).toEqual([
    'm.yaml:7:3: unknown field ticketNo. It is made from source.system and key.',
    'm.yaml:8:3: unknown field updatedAt. The store sets it when a ticket changes.',
  ]);
  expect(problems(simpleMapping({ source: 'encodin: auto' }))).toEqual([
    expect.stringMatching(/^m\.yaml:2:22: unknown setting encodin\. Did you mean encoding\? Known: system, encoding, /),
  ]);
});

test('columns that the file does not have, or has twice', () => {
  expect(
    withFields(
      'title: { column: titles }',
      'address: { join: { columns: [x, z] } }',
      "street: { template: '{x}, {Y}' }",
    ),
  ).toEqual([
    'm.yaml:7:20: the file has no column titles. Did you mean title? Columns are named by the first line after source.skipLines',
    expect.stringMatching(/^m\.yaml:8:35: the file has no column z\./),
    expect.stringMatching(/^m\.yaml:9:23: the file has no column Y\./),
  ]);
  expect(withFields('title: { column: twice }')).toEqual([
    'm.yaml:7:20: the file has 2 columns named twice; rename all but one in its header',
  ]);
  expect(problems(simpleMapping({ key: '{ column: nr }' }))).toEqual([
    expect.stringMatching(/^m\.yaml:3:16: .* Did you mean no\?/),
  ]);
});

test('values that a field cannot hold', () => {
  expect(
    withFields(
      'type: { column: x, table: { a: COMPLAIN, 01: REPORT } }',
      'leadAgency: { constant: Market! }',
      'divisionCode: { column: x, default: 35 }',
      'satisfaction: { column: x, table: { 1: SATISFIED }, otherwise: HAPPY }',
    ),
  ).toEqual([
    'm.yaml:7:34: type cannot be COMPLAIN. Did you mean COMPLAINT? Expected one of CONSULTATION, HELP_REQUEST, COMPLAINT, REPORT, SUGGESTION, COMMENDATION',
    'm.yaml:8:27: leadAgency cannot be Market!. Expected an agency code: a lower-case letter, then at most 31 letters and digits',
    'm.yaml:9:39: divisionCode cannot be 35. Expected a division code of 6, 9 or 12 digits',
    expect.stringMatching(/^m\.yaml:10:66: satisfaction cannot be HAPPY\. Expected one of VERY_SATISFIED, /),
  ]);
});

test('formats, and settings that do not fit their field', () => {
  expect(
    withFields(
      'closedAt: { column: time, format: [loose, YYYY-MM-DD] }',
      'dueAt: { column: time }',
      'title: { column: title, format: loose, split: "," }',
      'content: { column: x, constant: y }',
      'address: { column: x, normalise: phone }',
      'street: { column: x, otherwise: a }',
      "community: { template: 'a {x' }",
      'uscc: { column: x, required: true, onBad: null }',
    ),
  ).toEqual([
    expect.stringMatching(/^m\.yaml:7:45: the format YYYY-MM-DD cannot read .* Did you mean yyyy-MM-dd\?/),
    expect.stringMatching(/^m\.yaml:8:3: dueAt is a time and needs a format/),
    'm.yaml:9:35: title is no time; drop format',
    'm.yaml:9:49: split is for columns of list fields; drop it from title',
    'm.yaml:10:3: content needs exactly one of column, join, template and constant',
    'm.yaml:11:36: normalise: phone is for reporterPhone only; drop it',
    'm.yaml:12:35: otherwise says what codes outside a table become; give a table, or use default',
    expect.stringMatching(/^m\.yaml:13:26: the template needs columns in closed braces/),
    expect.stringMatching(/^m\.yaml:14:45: uscc is required: a bad value must cost the row/),
  ]);
});

test('what belongs together', () => {
  expect(withFields('longitude: { column: x }')).toEqual([
    'm.yaml:7:3: a point needs both longitude and latitude',
    'm.yaml:7:3: a point needs its coordinate system: add crs (CGCS2000, WGS84 or GCJ02)',
  ]);
  expect(
    problems('version: 1\nsource: { system: s, timeZone: Asia/Shanhai }\nkey: {}\nfields:\n  title: { column: x }\n'),
  ).toEqual([
    'm.yaml:2:32: Asia/Shanhai is no IANA time zone; write it like Asia/Shanghai',
    'm.yaml:3:1: key needs either column or columns',
    'm.yaml:4:1: fields.status is missing: each ticket has one',
    'm.yaml:4:1: fields.receivedAt is missing: each ticket has one',
  ]);
});

test('files of the wrong form', () => {
  expect(problems('version: 1\nversion: 1\n')).toEqual([
    expect.stringMatching(/^m\.yaml:2:1: not valid YAML: Map keys must be unique/),
  ]);
  expect(problems('version: 2\nsource: { system: "a:b" }\nkey: { column: no }\n')).toEqual([
    expect.stringMatching(/^m\.yaml:1:1: fields is missing/),
    expect.stringMatching(/^m\.yaml:1:10: version: /),
    'm.yaml:2:19: source.system: must be 1 to 32 letters, digits, "-" and "_"',
  ]);
  expect(problems('')).toEqual([expect.stringMatching(/^m\.yaml:1:1: /)]);
});

test('codes of a table are texts, whatever YAML takes them for', () => {
  const text = simpleMapping({
    fields: ['type: { column: x, table: { 01: REPORT, null: COMPLAINT, 1e2: SUGGESTION, true: HELP_REQUEST } }'],
  });
  expect(parseMapping(text, 'm.yaml').value.fields['type']?.table).toEqual({
    '01': 'REPORT',
    null: 'COMPLAINT',
    '1e2': 'SUGGESTION',
    true: 'HELP_REQUEST',
  });
});

test('each field of Ticket that a source can fill has its kind, with the enum values of the schema', () => {
  const sdl = ['scalars', 'directives', 'common', 'ticket']
    .map((name) => readFileSync(`schema/${name}.graphql`, 'utf8'))
    .join('\n');
  const schema = buildSchema(`${sdl}\ntype Query { t: Ticket }\ntype Handoff { at: DateTime }\ntype Trace { n: Int }`, {
    assumeValidSDL: true,
  });
  const ticket = schema.getType('Ticket');
  if (!isObjectType(ticket)) throw new Error('no type Ticket');
  const made = ['ticketNo', 'sourceSystem', 'updatedAt', 'handoffs', 'trace', 'relatedTickets', 'access'];
  const fields = Object.values(ticket.getFields()).filter(({ name }) => !made.includes(name));
  expect([...mappableFields].sort()).toEqual(fields.map(({ name }) => name).sort());
  const kindOf = ({ type }: (typeof fields)[number]) => {
    const named = schema.getType(String(type).replace(/[[\]!]/g, ''));
    return {
      list: String(type).startsWith('['),
      time: String(type) === 'DateTime',
      values: isEnumType(named) ? named.getValues().map(({ name }) => name) : undefined,
    };
  };
  const ours = mappableFields.map((field) => {
    const { list, time, values } = fieldKinds[field];
    return [field, { list, time, values }];
  });
  expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(fields.map((field) => [field.name, kindOf(field)])));
});

test('the published JSON Schema is fresh (lianqiao import mapping-schema --out deploy/mappings/mapping.schema.json)', () => {
  const published: unknown = JSON.parse(readFileSync('deploy/mappings/mapping.schema.json', 'utf8'));
  expect(published).toEqual(JSON.parse(mappingJsonSchema()));
});

test.each(['messages-with-replies', 'nyc311'])('deploy/mappings/%s.yaml is of the right form', (name) => {
  expect(readMapping(`deploy/mappings/${name}.yaml`).value.version).toBe(1);
});

import { suggestion } from '../../access/suggestion.ts';
import { columnsOf, fixedValue, formatsOf } from './field-reader.ts';
import type { MappingProblem } from './mapping-error.ts';
import type { FieldRule, Mapping } from './mapping-schema.ts';
import { normalisers } from './normalise.ts';
import type { MappingFile, MappingPath } from './read-mapping.ts';
import { fieldKinds, mappableFields, type MappableField } from './ticket-fields.ts';
import { formatProblem, isTimeZone } from './time-reader.ts';

/** What is wrong with a mapping beyond its form, for a file with these columns. Empty when every row can be read. */
export function checkMapping(mapping: MappingFile, header: readonly string[]): readonly MappingProblem[] {
  const problems: MappingProblem[] = [];
  const report: Report = (path, message) => problems.push(mapping.problem(path, message));
  const { source, key, fields } = mapping.value;
  if (!isTimeZone(source.timeZone)) {
    report(['source', 'timeZone'], `${source.timeZone} is no IANA time zone; write it like Asia/Shanghai`);
  }
  checkKey(key, header, report);
  for (const field of mappableFields) {
    const rule = fields[field];
    if (rule !== undefined) checkRule(field, rule, header, report);
  }
  checkTogether(fields, report);
  return problems;
}

type Report = (path: MappingPath, message: string) => void;

function checkKey(key: Mapping['key'], header: readonly string[], report: Report): void {
  if ((key.column === undefined) === (key.columns === undefined)) {
    report(['key'], 'key needs either column or columns');
    return;
  }
  if (key.column !== undefined) checkColumn(key.column, ['key', 'column'], header, report);
  key.columns?.forEach((column, i) => checkColumn(column, ['key', 'columns', i], header, report));
}

function checkColumn(column: string, path: MappingPath, header: readonly string[], report: Report): void {
  const count = header.filter((name) => name === column).length;
  if (count === 1) return;
  if (count > 1) {
    report(path, `the file has ${count} columns named ${column}; rename all but one in its header`);
    return;
  }
  // The header itself is not listed: in a file that has none, its first line is somebody's record.
  report(
    path,
    `the file has no column ${column}.${suggestion(column, header)} Columns are named by the first line after source.skipLines`,
  );
}

function checkRule(field: MappableField, rule: FieldRule, header: readonly string[], report: Report): void {
  const at = ['fields', field] as const;
  const kind = fieldKinds[field];
  const origins = [rule.column, rule.join, rule.template, rule.constant].filter((origin) => origin !== undefined);
  if (origins.length !== 1) report(at, `${field} needs exactly one of column, join, template and constant`);
  if (rule.column !== undefined) checkColumn(rule.column, [...at, 'column'], header, report);
  rule.join?.columns.forEach((column, i) => checkColumn(column, [...at, 'join', 'columns', i], header, report));
  if (rule.template !== undefined) checkTemplate(rule, [...at, 'template'], header, report);
  checkFormat(field, rule, report);
  checkFixed(field, rule, report);
  if (rule.split !== undefined && (!kind.list || rule.constant !== undefined)) {
    report([...at, 'split'], `split is for columns of list fields; drop it from ${field}`);
  }
  if (rule.otherwise !== undefined && rule.table === undefined) {
    report([...at, 'otherwise'], 'otherwise says what codes outside a table become; give a table, or use default');
  }
  if (rule.normalise !== undefined && normalisers[rule.normalise].field !== field) {
    report(
      [...at, 'normalise'],
      `normalise: ${rule.normalise} is for ${normalisers[rule.normalise].field} only; drop it`,
    );
  }
  if (rule.onBad === null && (rule.required || isIndispensable(field)) && rule.default === undefined) {
    report(
      [...at, 'onBad'],
      `${field} is required: a bad value must cost the row; use onBad: reject or give a default`,
    );
  }
}

function checkTemplate(rule: FieldRule, path: MappingPath, header: readonly string[], report: Report): void {
  const columns = columnsOf(rule);
  const unclosed = /\{(?![^{}]+\})/.test((rule.template ?? '').replaceAll('{{', ''));
  if (columns.length === 0 || unclosed) {
    report(
      path,
      'the template needs columns in closed braces: {City}, {Street}; write {{ for a brace, or use constant',
    );
  }
  for (const column of columns) checkColumn(column, path, header, report);
}

function checkFormat(field: MappableField, rule: FieldRule, report: Report): void {
  const at = ['fields', field] as const;
  if (!fieldKinds[field].time) {
    if (rule.format !== undefined) report([...at, 'format'], `${field} is no time; drop format`);
    return;
  }
  if (rule.constant === undefined && rule.table === undefined && rule.format === undefined) {
    report(at, `${field} is a time and needs a format: Luxon tokens (yyyy/M/d H:mm:ss), excel-serial or loose`);
  }
  formatsOf(rule).forEach((format, i) => {
    const problem = formatProblem(format);
    if (problem !== undefined) report([...at, 'format', ...(Array.isArray(rule.format) ? [i] : [])], problem);
  });
}

function checkFixed(field: MappableField, rule: FieldRule, report: Report): void {
  const kind = fieldKinds[field];
  const check = (path: MappingPath, value: string | number | boolean | null | undefined): void => {
    if (value === undefined || value === null || fixedValue(kind, value) !== undefined) return;
    const hint = kind.values === undefined ? '' : suggestion(String(value), kind.values);
    report(['fields', field, ...path], `${field} cannot be ${String(value)}.${hint} Expected ${kind.expected}`);
  };
  check(['constant'], rule.constant);
  check(['default'], rule.default);
  check(['otherwise'], rule.otherwise);
  for (const [code, value] of Object.entries(rule.table ?? {})) check(['table', code], value);
}

/** Fields that the store cannot do without. */
export function isIndispensable(field: MappableField): boolean {
  return field === 'status' || field === 'receivedAt';
}

function checkTogether(fields: Mapping['fields'], report: Report): void {
  for (const field of mappableFields.filter(isIndispensable)) {
    if (fields[field] === undefined) report(['fields'], `fields.${field} is missing: each ticket has one`);
  }
  const { longitude, latitude, crs } = fields;
  if ((longitude === undefined) !== (latitude === undefined)) {
    report(['fields', longitude === undefined ? 'latitude' : 'longitude'], 'a point needs both longitude and latitude');
  }
  if (longitude !== undefined && crs === undefined) {
    report(['fields', 'longitude'], 'a point needs its coordinate system: add crs (CGCS2000, WGS84 or GCJ02)');
  }
}

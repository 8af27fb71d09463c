import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { isNode, type Document, type LineCounter } from 'yaml';
import { z } from 'zod';
import { purposes, roles } from '../identity/principal.ts';
import { maskNames } from './mask-name.ts';
import { day } from './predicates.ts';
import { ConfigurationError, type Problem } from './problem.ts';
import { parseYaml } from './yaml-text.ts';

/** An agency; `*` for any. */
const agencies = z.union([z.literal('*'), z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/)]);

const consumer = z
  .strictObject({
    agency: agencies,
    roles: z.array(z.enum(roles)).min(1),
  })
  .meta({ description: 'Callers: an agency (* for any, one’s own included) and their roles in it' });

const to = z
  .array(z.union([z.string(), consumer]))
  .min(1)
  .meta({ description: 'Names from consumers, or consumers in place' });

const group = z
  .array(z.union([z.string(), consumer]))
  .min(1)
  .meta({ description: 'Callers, or the names of other groups of callers' });

const coordinates = z
  .array(z.union([z.string(), z.record(z.string(), z.array(z.string()).min(1))]))
  .meta({ description: 'Type.field, names from fields, or Type: [field, …]' });

/** Read for its form only: the compiler knows the predicates and says more about a wrong one. */
export const conditionForm: z.ZodType = z.union([z.string(), z.record(z.string(), z.unknown())]);
const when = z
  .array(conditionForm)
  .meta({ description: 'All of these must hold; see docs/policy.md for the conditions' });

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);

/** It stands in reviews, a line each: a break in it would forge one. */
const law = z
  .string()
  .trim()
  .min(2)
  .refine((text) => /\p{L}/u.test(text), 'must name the law')
  .refine((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text), 'must be one line, without invisible characters')
  .meta({ description: 'The legal basis' });

const rowRule = z
  .strictObject({
    id,
    of: z.array(z.string()).min(1).meta({ description: 'Types' }),
    to,
    purposes: z.array(z.enum(purposes)).min(1).optional().meta({ description: 'Left out: every purpose' }),
    when: when.default([]),
  })
  .meta({ description: 'Which records callers may know of at all; several rules add up' });

const grant = z
  .strictObject({
    id,
    to,
    purposes: z.array(z.enum(purposes)).min(1),
    law,
    from: day.optional().meta({ description: 'The first day of the grant (YYYY-MM-DD, +08:00)' }),
    until: day.optional().meta({ description: 'The last day of the grant (YYYY-MM-DD, +08:00)' }),
    when: when.default([]),
    plain: coordinates.default([]).meta({ description: 'As stored; free text is redacted all the same' }),
    verbatim: coordinates.default([]).meta({ description: 'As stored, free text unredacted' }),
    mask: z
      .partialRecord(z.enum(maskNames), coordinates)
      .default({})
      .meta({ description: 'Fields under each named mask' }),
    deny: coordinates.default([]).meta({
      description: 'Not given, even if a later grant would; Type.* for all that no other list of the grant names',
    }),
    match: coordinates.default([]).meta({
      description: 'May be compared for equality with a value that the caller names; nothing of it is shown',
    }),
    count: coordinates.default([]).meta({
      description: 'Records may be counted by this field; for the purpose STATISTICS alone',
    }),
  })
  .refine(({ from, until }) => from === undefined || until === undefined || from <= until, {
    path: ['until'],
    error: 'lies before from, so that the grant would never hold',
  })
  .meta({ description: 'What callers see of the records; the first line that names a field and holds decides' });

const join = z
  .strictObject({
    reads: z.string().meta({ description: 'A field of this agency' }),
    for: z.string().meta({ description: 'The relation that joins by it' }),
    law,
    inClear: z.literal(true).optional().meta({
      description:
        'The relation may ask its source for the number itself; left out: only for a keyed digest of it, or a value that is no personal number',
    }),
  })
  .meta({ description: 'What another agency’s relation may read of this agency, behind the gate' });

const lastKnownGood = z
  .strictObject({
    maxSeconds: z.number().int().min(1).max(2_592_000).meta({ description: 'How old such an answer may be' }),
  })
  .meta({
    description:
      'While a source of this agency is down, its last good answer may stand in, from the hub’s memory and marked as stale; left out: never',
  });

export const policyFile = z
  .strictObject({
    policy: z.literal(1).meta({ description: 'The form of the file' }),
    agency: z.string().meta({ description: 'The agency whose policy this is: the name of its folder' }),
    consumers: z.record(z.string(), group).default({}).meta({ description: 'Names for callers' }),
    fields: z
      .record(z.string(), coordinates)
      .default({})
      .meta({ description: 'Names for sets of fields; a set may name other sets' }),
    rows: z.array(rowRule).default([]),
    grants: z.array(grant).default([]),
    joins: z.array(join).default([]),
    lastKnownGood: lastKnownGood.optional(),
  })
  .meta({ title: 'The sharing policy of an agency (sharing.yaml)' });

export type PolicyFile = z.infer<typeof policyFile>;
export type PolicyConsumers = z.infer<typeof to>;
export type PolicyCoordinates = z.infer<typeof coordinates>;
export type Consumer = z.infer<typeof consumer>;

/** A path into the file, from the root: keys and indices. */
export type FilePath = readonly (string | number)[];

/** A parsed `sharing.yaml` with the way back to its lines. */
export interface ParsedPolicy {
  readonly file: string;
  readonly text: string;
  readonly value: PolicyFile;
  problem(path: FilePath, message: string): Problem;
}

/** Bytes that a policy may have: many times what a person can review. */
export const maxPolicyBytes = 1_048_576;

/** Reads an agency's `sharing.yaml`. Throws `ConfigurationError` with every problem of form and its line. */
export function readPolicyFile(path: string, shownAs: string): ParsedPolicy {
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > maxPolicyBytes) throw tooLarge(shownAs, size);
    text = decoded(readFileSync(path), shownAs);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError([
      { file: shownAs, message: 'cannot be read; each connector needs its sharing policy' },
    ]);
  }
  return parsePolicy(text, shownAs);
}

/** A byte that is none of UTF-8 would become a character that no record has; a condition with it would never hold. */
function decoded(bytes: Buffer, file: string): string {
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString('utf8');
  throw new ConfigurationError([{ file, message: 'is no UTF-8 text; save it as UTF-8' }]);
}

/** The same from the file's text. */
export function parsePolicy(text: string, file: string): ParsedPolicy {
  const size = Buffer.byteLength(text);
  if (size > maxPolicyBytes) throw tooLarge(file, size);
  const { document, lines } = parseYaml(text, file);
  const problem = (path: FilePath, message: string): Problem => {
    const line = lineOf(document, lines, path);
    return line === undefined ? { file, message } : { file, line, message };
  };
  const parsed = policyFile.safeParse(document.toJS());
  if (!parsed.success) {
    throw new ConfigurationError(
      parsed.error.issues.map((issue) => {
        const at = issue.path.filter((p): p is string | number => typeof p !== 'symbol');
        return problem(at, `${at.join('.') || 'the file'}: ${issue.message}; see docs/policy.md for the form`);
      }),
    );
  }
  return { file, text, value: parsed.data, problem };
}

function tooLarge(file: string, size: number): ConfigurationError {
  const message = `has ${size} bytes; a policy may have ${maxPolicyBytes}, so that people can review it: name sets of fields and callers`;
  return new ConfigurationError([{ file, message }]);
}

/** The line of the deepest part of the path that the file has. */
function lineOf(document: Document, lines: LineCounter, path: FilePath): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

import { readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { maskNames } from './mask-name.ts';
import { purposes, roles } from '../identity/principal.ts';
import { ConfigurationError, type Problem } from './problem.ts';

const agencies = z.union([z.literal('*'), z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/)]);

/** Who: an agency (`*` for any) and its roles. */
const consumer = z.strictObject({
  agency: agencies,
  roles: z.array(z.enum(roles)).min(1),
});
/** A consumer in place, or the name of one under `consumers`. */
const to = z.array(z.union([z.string(), consumer])).min(1);
/** `Type.field`, the name of a set under `fields`, or `Type: [field, …]`. */
const coordinates = z.array(z.union([z.string(), z.record(z.string(), z.array(z.string()).min(1))]));

const condition: z.ZodType = z.union([z.string(), z.record(z.string(), z.unknown())]);
/** All of these conditions. */
const when = z.array(condition);

const rowRule = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  of: z.array(z.string()).min(1),
  to,
  purposes: z.array(z.enum(purposes)).min(1).optional(),
  when: when.default([]),
});

const grant = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  to,
  purposes: z.array(z.enum(purposes)).min(1),
  /** The legal basis. */
  law: z.string().min(2),
  when: when.default([]),
  plain: coordinates.default([]),
  /** Free text unredacted. */
  verbatim: coordinates.default([]),
  mask: z.partialRecord(z.enum(maskNames), coordinates).default({}),
  deny: coordinates.default([]),
});

const join = z.strictObject({
  reads: z.string(),
  for: z.string(),
  law: z.string().min(2),
});

const policyFile = z.strictObject({
  policy: z.literal(1),
  agency: z.string(),
  consumers: z.record(z.string(), z.array(consumer).min(1)).default({}),
  fields: z.record(z.string(), coordinates).default({}),
  rows: z.array(rowRule).default([]),
  grants: z.array(grant).default([]),
  joins: z.array(join).default([]),
});

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

/** Reads an agency's `sharing.yaml`. Throws `ConfigurationError` with every problem of form and its line. */
export function readPolicyFile(path: string, shownAs: string): ParsedPolicy {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigurationError([
      { file: shownAs, message: 'cannot be read; each connector needs its sharing policy' },
    ]);
  }
  return parsePolicy(text, shownAs);
}

/** The same from the file's text. */
export function parsePolicy(text: string, file: string): ParsedPolicy {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = (path: FilePath, message: string): Problem => {
    const line = lineOf(document, lines, path);
    return line === undefined ? { file, message } : { file, line, message };
  };
  const malformed = document.errors.map((e) => ({
    file,
    line: lines.linePos(e.pos[0]).line,
    message: `not valid YAML: ${e.message}`,
  }));
  if (malformed.length > 0) throw new ConfigurationError(malformed);
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

/** The line of the deepest part of the path that the file has. */
function lineOf(document: Document, lines: LineCounter, path: FilePath): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

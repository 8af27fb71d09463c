import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, visit, type Document, type Range } from 'yaml';
import type { z } from 'zod';
import { suggestion } from '../../access/suggestion.ts';
import { ImportError } from './import-error.ts';
import { MappingError, problemAt, type MappingProblem } from './mapping-error.ts';
import { joinSchema, keySchema, mappingSchema, ruleSchema, sourceSchema, type Mapping } from './mapping-schema.ts';
import { mappableFields } from './ticket-fields.ts';

/** A path into the mapping, from the root: keys and indices. */
export type MappingPath = readonly (string | number)[];

/** A mapping file of the right form, with the way back to its lines. */
export interface MappingFile {
  readonly file: string;
  /** SHA-256 of the file's bytes, in hex. */
  readonly sha256: string;
  readonly value: Mapping;
  /** A problem at the place of this path, or of the deepest part of it that the file has. */
  problem(path: MappingPath, message: string): MappingProblem;
}

/** Reads a mapping file. Throws `MappingError` with every problem of form, `ImportError` when there is no such file. */
export function readMapping(path: string): MappingFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ImportError(`${path} cannot be read; --mapping names the mapping file (see docs/import.md)`);
  }
  return parseMapping(text, path);
}

/** The same from the file's text. */
export function parseMapping(text: string, file: string): MappingFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map((e) => problemAt(lines, [...e.pos, e.pos[1]], `not valid YAML: ${e.message}`));
    throw new MappingError(file, problems);
  }
  keepKeysAsWritten(document);
  const parsed = mappingSchema.safeParse(document.toJS());
  const problem = (path: MappingPath, message: string): MappingProblem =>
    problemAt(lines, rangeOf(document, path), message);
  if (!parsed.success) {
    throw new MappingError(
      file,
      parsed.error.issues.flatMap((issue) => explain(issue, document, lines)),
    );
  }
  return { file, sha256: createHash('sha256').update(text).digest('hex'), value: parsed.data, problem };
}

/** A source's code `01` or `null` is a text, whatever YAML makes of it. */
function keepKeysAsWritten(document: Document): void {
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && typeof key.value !== 'string' && key.source !== undefined) key.value = key.source;
    },
  });
}

function explain(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): MappingProblem[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const name = path.join('.') || 'the mapping';
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map((key) =>
      problemAt(
        lines,
        keyRange(document, path, key),
        `unknown ${isFields(path) ? 'field' : 'setting'} ${key}.${suggestion(key, known)} ${wayOut(path, key, known)}`,
      ),
    );
  }
  const missing = issue.code === 'invalid_type' && document.getIn(path) === undefined;
  const message = missing ? `${name} is missing; docs/import.md shows the form` : `${name}: ${issue.message}`;
  return [problemAt(lines, rangeOf(document, path), message)];
}

const isFields = (path: MappingPath): boolean => path.length === 1 && path[0] === 'fields';

function wayOut(path: MappingPath, key: string, known: readonly string[]): string {
  if (isFields(path) && ['ticketNo', 'sourceSystem', 'sourceNo'].includes(key)) {
    return 'It is made from source.system and key.';
  }
  if (isFields(path) && key === 'updatedAt') return 'The store sets it when a ticket changes.';
  return isFields(path) ? 'Fields are those of Ticket in schema/ticket.graphql.' : `Known: ${known.join(', ')}.`;
}

function knownKeys(path: MappingPath): readonly string[] {
  if (path.length === 0) return Object.keys(mappingSchema.shape);
  if (path[0] === 'source') return Object.keys(sourceSchema.shape);
  if (path[0] === 'key') return Object.keys(keySchema.shape);
  if (isFields(path)) return mappableFields;
  return Object.keys(path[2] === 'join' ? joinSchema.shape : ruleSchema.shape);
}

function rangeOf(document: Document, path: MappingPath): Range | null | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    // A mapping's own range begins at its first key, a line below the name that a reader looks for.
    if (isMap(node)) return keyRange(document, path.slice(0, length - 1), path[length - 1] ?? '');
    if (isNode(node)) return node.range;
  }
  return document.contents?.range;
}

function keyRange(document: Document, parent: MappingPath, key: string | number): Range | null | undefined {
  const node = parent.length === 0 ? document.contents : document.getIn(parent, true);
  const pair = isMap(node)
    ? node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
    : null;
  return isNode(pair?.key) ? pair.key.range : isNode(node) ? node.range : null;
}

import { isScalar, Lexer, LineCounter, parseDocument, Parser, visit, type Document } from 'yaml';
import { ConfigurationError, type Problem } from './problem.ts';

/** Levels of a file that a person writes; every form of this repository stays well below. */
const maxDepth = 40;

/**
 * A YAML text that people review line by line: one document, no anchors and aliases (what a line says must stand in it,
 * and nested aliases grow without end). Throws `ConfigurationError` with file and line.
 */
export function parseYaml(text: string, file: string): { readonly document: Document; readonly lines: LineCounter } {
  const lines = new LineCounter();
  const at = (offset: number, message: string): Problem => ({ file, line: lines.linePos(offset).line, message });
  const tooDeep = deepPlace(text);
  if (tooDeep !== undefined) {
    const line = text.slice(0, tooDeep).split('\n').length;
    throw new ConfigurationError([{ file, line, message: `is nested too deeply; ${maxDepth} levels are allowed` }]);
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const malformed = document.errors.map((e) => at(e.pos[0], `not valid YAML: ${e.message}`));
  if (malformed.length > 0) throw new ConfigurationError(malformed);
  const shared: Problem[] = [];
  const refuse = (offset: number = 0): void =>
    void shared.push(at(offset, 'uses a YAML anchor or alias; write it out, or name a set'));
  visit(document, {
    Alias: (_key, node) => refuse(node.range?.[0]),
    Node: (_key, node) => {
      if ('anchor' in node && node.anchor !== undefined) refuse(node.range?.[0]);
    },
  });
  if (shared.length > 0) throw new ConfigurationError(shared);
  const reserved: Problem[] = [];
  if (/^%/m.test(text.slice(0, document.contents?.range?.[0] ?? 0)))
    reserved.push(at(0, 'begins with a YAML directive; leave it out, the file is read as YAML 1.2'));
  visit(document, {
    Pair: (_key, { key }) => {
      if (!isScalar(key)) return;
      // A form would pass over it in silence, unread.
      if (key.value === '__proto__')
        reserved.push(at(key.range?.[0] ?? 0, '__proto__ cannot be a name; choose another'));
      // `1` and `"1"` would be one name, and the second would take the first one's place.
      else if (typeof key.value !== 'string')
        reserved.push(at(key.range?.[0] ?? 0, 'a name must be text; put it in quotation marks'));
    },
  });
  if (reserved.length > 0) throw new ConfigurationError(reserved);
  return { document, lines };
}

/**
 * Where the text goes deeper than allowed. Looked for while the tokens are read, one by one: the library's composer calls
 * itself for each level, and a text that is deep enough ends the whole process there.
 */
function deepPlace(text: string): number | undefined {
  const parser = new Parser();
  for (const token of new Lexer().lex(text)) {
    for (const _ of parser.next(token));
    if (parser.stack.length > maxDepth) return parser.offset;
  }
  return undefined;
}

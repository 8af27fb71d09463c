/** Levels of nesting that a token or key set needs, with room. */
const maxDepth = 8;

/**
 * The value of UTF-8 JSON text in which every name occurs once in its object. `JSON.parse` keeps the last of two equal
 * names and other parsers the first, so that two parties could read one signed text differently (RFC 8259 section 4;
 * RFC 7519 section 4 allows refusing them). Throws `SyntaxError`, without any of the text, for bytes that are not
 * UTF-8, a byte order mark, text that is not JSON, a name that occurs twice, and nesting deeper than 8.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new SyntaxError('not JSON in UTF-8');
  }
  refuseRepeatedNames(text);
  return value;
}

/** The text is known to be JSON, so strings, brackets and colons tell all. */
function refuseRepeatedNames(text: string): void {
  const open: (Set<string> | null)[] = [];
  let lastString = '';
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[':
        if (open.length === maxDepth) throw new SyntaxError('nested too deeply');
        open.push(text[at] === '{' ? new Set() : null);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        const end = endOfString(text, at);
        lastString = text.slice(at, end);
        at = end - 1;
        break;
      }
      case ':': {
        // Unescaped first: "a" and "\u0061" are one name.
        const name = String(JSON.parse(lastString));
        const names = open.at(-1);
        if (names?.has(name)) throw new SyntaxError('a name occurs twice in one object');
        names?.add(name);
        break;
      }
      default:
        break;
    }
  }
}

/** The position after the closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

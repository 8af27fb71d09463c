/** Rewrites one part of a workbook, tag by tag. */
export interface XmlFilter {
  /** A tag as it stands (`<c r="A1">`), with what is put in its place. */
  tag(tag: string, name: string): string;
  /** Text between two tags, still escaped. */
  text(text: string): string;
}

/** Parts as they are. */
export const plainXml: XmlFilter = { tag: (tag) => tag, text: (text) => text };

/** Places of sheets in the workbook may begin at its root (`/xl/…`), where ExcelJS looks for them beside it. */
export const relationshipXml: XmlFilter = {
  tag: (tag) => tag.replace(/(\sTarget=["'])\/xl\//, '$1'),
  text: (text) => text,
};

/** Formats 27 to 36 and 50 to 58 are dates in Chinese Excel (ECMA-376 part 1, 18.8.30), which ExcelJS does not know. */
export const styleXml: XmlFilter = {
  tag: (tag) => tag.replace(/(\snumFmtId=["'])(?:2[7-9]|3[0-6]|5[0-8])(["'])/, '$114$2'),
  text: (text) => text,
};

/** Shared texts: each is one run, whatever parts of it look different; reading aids (`rPh`) are none of it. */
export function sharedTextXml(): XmlFilter {
  const runs = textRuns('si');
  return {
    tag: (tag, name) => {
      const inside = runs.tag(name);
      if (name === 'si' && tag.endsWith('/>')) return '<si><t></t></si>';
      if (inside) return '';
      if (name === 'si') return '<si><t xml:space="preserve">';
      return name === '/si' ? '</t></si>' : tag;
    },
    text: (text) => (runs.isText() ? text : ''),
  };
}

/**
 * A sheet's cells: texts in the cell as one run, formulas away, so that the value beside them is read by its own kind
 * (ExcelJS takes true, errors and dates of formulas for numbers); a formula that has no value becomes an error. Days
 * that are written out (`t="d"`) are texts, where ExcelJS would take their year for the number. ExcelJS unescapes texts
 * in cells twice, so their `&` is escaped once more. Called with each range of cells that are one.
 */
export function sheetXml(onMerged: (range: string) => void): XmlFilter {
  const runs = textRuns('is');
  let cell = '';
  let hasFormula = false;
  let within = '';
  const flush = (): string => {
    const tag = cell;
    cell = '';
    return tag;
  };
  return {
    tag: (tag, name) => {
      const inside = runs.tag(name);
      switch (name) {
        case 'c':
          hasFormula = false;
          if (tag.endsWith('/>')) return tag;
          cell = tag.replace(/(\st=["'])d(["'])/, '$1str$2');
          return '';
        case 'f':
          hasFormula = true;
          within = tag.endsWith('/>') ? '' : 'f';
          return '';
        case 'v':
          if (tag.endsWith('/>')) return hasFormula ? `${flush()}<v></v>` : '';
          within = 'v';
          return `${flush()}${tag}`;
        case '/f':
        case '/v':
          within = '';
          return name === '/f' ? '' : tag;
        case '/c': {
          const held = flush();
          if (held !== '' && hasFormula)
            return `${held.replace(/\st=["'][^"']*["']/, '').slice(0, -1)} t="e"><v>#N/A</v></c>`;
          return `${held}${tag}`;
        }
        case 'mergeCell':
          onMerged(/\sref=["']([^"']*)["']/.exec(tag)?.[1] ?? '');
          return tag;
        case 'is':
          return tag.endsWith('/>') ? '' : `${flush()}${tag}`;
        default:
          return inside ? '' : tag;
      }
    },
    text: (text) => (runs.isText() || within === 'v' ? text.replaceAll('&amp;', '&amp;amp;') : ''),
  };
}

/** Follows the runs of a rich text: what is inside of the element `outer`, and what of that is text. */
function textRuns(outer: string): { tag(name: string): boolean; isText(): boolean } {
  let inside = false;
  let text = false;
  let aside = false;
  return {
    tag(name) {
      if (name === outer) inside = true;
      else if (name === `/${outer}`) inside = false;
      else if (inside && name === 'rPh') aside = true;
      else if (name === '/rPh') aside = false;
      else if (inside && name === 't') text = true;
      else if (name === '/t') text = false;
      else return inside;
      return inside && name !== outer;
    },
    isText: () => inside && text && !aside,
  };
}

/** A tag is no longer than this; a text is handed on in pieces. */
const MOST_TAG = 1 << 16;

/**
 * The part's bytes, rewritten, in ASCII: ExcelJS decodes each piece of bytes by itself, so that a character that two
 * pieces share would be lost. Throws `SyntaxError` where the bytes are no XML in UTF-8.
 */
export async function* rewritten(bytes: AsyncIterable<Buffer>, filter: XmlFilter): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (piece?: Buffer): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch {
      throw new SyntaxError('no UTF-8');
    }
  };
  let rest = '';
  for await (const piece of bytes) {
    const { out, left } = pass(rest + decode(piece), filter);
    rest = left;
    if (rest.length > MOST_TAG) throw new SyntaxError('a tag without an end');
    if (out !== '') yield ascii(out);
  }
  rest += decode();
  if (rest.trim() !== '') throw new SyntaxError('half a tag');
}

function pass(text: string, filter: XmlFilter): { out: string; left: string } {
  let out = '';
  let at = 0;
  for (;;) {
    const open = text.indexOf('<', at);
    if (open < 0) {
      // An entity may go on in the next piece.
      const amp = text.lastIndexOf('&');
      const end = amp >= at && !text.includes(';', amp) ? amp : text.length;
      return { out: out + filter.text(text.slice(at, end)), left: text.slice(end) };
    }
    if (open > at) out += filter.text(text.slice(at, open));
    const close = endOfTag(text, open);
    if (close < 0) return { out, left: text.slice(open) };
    const tag = text.slice(open, close);
    out += filter.tag(tag, /^<(\/?[^\s/>]*)/.exec(tag)?.[1] ?? '');
    at = close;
  }
}

/** Behind the tag's end, or -1: a `>` in an attribute ends none. Comments and declarations of types are no part of a workbook. */
function endOfTag(text: string, open: number): number {
  if (text.startsWith('<!', open)) throw new SyntaxError('a comment or a declaration');
  let quote = '';
  for (let i = open + 1; i < text.length; i += 1) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '>') return i + 1;
  }
  return -1;
}

function ascii(text: string): Buffer {
  // The control characters that XML does not allow could end the part within its archive.
  // oxlint-disable-next-line no-control-regex
  if (/[\0-\x08\x0b\x0c\x0e-\x1f]/.test(text)) throw new SyntaxError('a control character');
  return Buffer.from(
    // oxlint-disable-next-line no-control-regex
    text.replace(/[^\0-\x7f]/gu, (c) => `&#${c.codePointAt(0)};`),
    'latin1',
  );
}

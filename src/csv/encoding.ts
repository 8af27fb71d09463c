import iconv from 'iconv-lite';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

/** The encoding whose byte order mark the bytes begin with. */
export function markOf(head: Buffer): Encoding | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return undefined;
}

/**
 * The text in pieces, without its byte order mark and its first `skipLines` lines. Bytes that the encoding does not have
 * come out as U+FFFD.
 */
export async function* decoded(
  bytes: AsyncIterable<Buffer>,
  encoding: Encoding,
  skipLines: number,
): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding);
  const skip = lineSkipper(skipLines);
  for await (const chunk of bytes) yield skip(decoder.write(chunk));
  yield skip(decoder.end() ?? '');
}

/** Whether the text holds what a decoder writes for bytes that it cannot read, or half a surrogate pair, which could not be stored unchanged either. */
export function isDamaged(text: string): boolean {
  return /[\uFFFD\p{Surrogate}]/u.test(text);
}

/** The text without its first lines, whatever quotes they hold. */
export function withoutLines(text: string, count: number): string {
  return lineSkipper(count)(text);
}

function lineSkipper(count: number): (piece: string) => string {
  let left = count;
  let afterReturn = false;
  return (piece) => {
    let at = 0;
    while (at < piece.length && (left > 0 || afterReturn)) {
      const character = piece[at];
      if (afterReturn && character !== '\n' && left === 0) break;
      if (character === '\r' || (character === '\n' && !afterReturn)) left -= 1;
      afterReturn = character === '\r';
      at += 1;
    }
    return at === 0 ? piece : piece.slice(at);
  };
}

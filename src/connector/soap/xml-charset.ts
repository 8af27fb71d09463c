/**
 * The charset of an XML document that came over HTTP (RFC 7303, 3): its byte order mark, else what the header says, else
 * its own declaration, else UTF-8.
 */
export function xmlCharset(bytes: Uint8Array, named: string | null): string {
  const [a = -1, b = -1, c = -1] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  // Without a mark, a document that begins with one of ASCII's characters tells how wide they are.
  const wide = a === 0 ? 'utf-16be' : b === 0 ? 'utf-16le' : null;
  if (named !== null) return named.toLowerCase() === 'utf-16' && wide !== null ? wide : named;
  if (wide !== null) return wide;
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /^<\?xml\s[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(start)?.[1] ?? 'utf-8';
  // Could this be read, it is not UTF-16, whatever it says: writers of texts in memory say so.
  return declared.toLowerCase().startsWith('utf-16') ? 'utf-8' : declared;
}

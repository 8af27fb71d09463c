/** RFC 4648 §5 without padding. */
export function toBase64url(bytes: Buffer): string {
  return bytes.toString('base64url');
}

/** Whether the text is the one way to write this many bytes: spare bits are 0, so that no character can be changed unseen. */
export function isBase64url(text: string, bytes: number): boolean {
  const decoded = Buffer.from(text, 'base64url');
  return decoded.length === bytes && decoded.toString('base64url') === text;
}

export function fromBase64url(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}

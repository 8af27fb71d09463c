import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Opaque, sealed cursors: AES-256-GCM whose nonce is a keyed hash of the text (a synthetic IV, after RFC 5297's idea), so
 * that equal positions give equal cursors and every answer stays the same byte for byte. A cursor is bound to its list
 * (`cursorList`).
 */
export interface CursorSeal {
  seal(list: string, values: readonly string[]): string;
  /** The values, or null for a text that this hub did not seal for this list. */
  open(list: string, cursor: string): readonly string[] | null;
}

export function createCursorSeal(secret: Buffer): CursorSeal {
  const encryption = createHmac('sha256', secret).update('cursor encryption').digest();
  const nonces = createHmac('sha256', secret).update('cursor nonce').digest();
  const nonceOf = (list: string, text: string): Buffer =>
    createHmac('sha256', nonces).update(`${list}\0${text}`).digest().subarray(0, 12);
  return {
    seal(list, values) {
      const text = JSON.stringify(values);
      const nonce = nonceOf(list, text);
      const cipher = createCipheriv('aes-256-gcm', encryption, nonce).setAAD(Buffer.from(list));
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
        'base64url',
      );
    },
    open(list, cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      if (bytes.length < 28 || bytes.length > 2_048 || bytes.toString('base64url') !== cursor) return null;
      const nonce = bytes.subarray(0, 12);
      const decipher = createDecipheriv('aes-256-gcm', encryption, nonce)
        .setAAD(Buffer.from(list))
        .setAuthTag(bytes.subarray(-16));
      let text: string;
      try {
        text = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
      } catch {
        // Not sealed by this hub, or for another list.
        return null;
      }
      if (!timingSafeEqual(nonceOf(list, text), nonce)) return null;
      const values: unknown = JSON.parse(text);
      return Array.isArray(values) && values.every((v) => typeof v === 'string') ? values : null;
    },
  };
}

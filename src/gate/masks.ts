import { createHmac } from 'node:crypto';
import { normalisePhone } from '../codes/phone.ts';
import type { MaskName } from '../access/mask-name.ts';
import { streetOf } from './mask-address.ts';
import { redact, type KnownValues } from './redact.ts';
import { surnameLength } from './surname.ts';

export interface MaskContext {
  /** Secret of the pseudonyms: one key gives one person one pseudonym everywhere. */
  readonly pseudonymKey: Buffer;
  /** What `redacted` takes out of the record's text besides numbers. */
  readonly known: KnownValues;
}

/** What stands for a value whose shape is unknown: its length would tell something too. */
const STARS = '***';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The masked form of a field's value (GB/T 35273: phone `138****5678`, name `张*`, ID number first 6 and last 4, address
 * to the street). Lists are masked member by member; null stays null, empty text stays empty. A value of any other shape
 * becomes stars. Never throws.
 */
export function applyMask(mask: MaskName, value: unknown, context: MaskContext): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((member: unknown) => applyMask(mask, member, context));
  // A source may hold a number in a numeric column.
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string') return STARS;
  return text === '' ? '' : maskText(mask, text, context);
}

function maskText(mask: MaskName, text: string, context: MaskContext): string {
  switch (mask) {
    case 'phone':
      return maskPhone(text);
    case 'name':
      return maskName(text);
    case 'idNumber':
      return maskIdNumber(text);
    case 'address':
      return streetOf(text) ?? STARS;
    case 'pseudonym':
      return pseudonym(text, context.pseudonymKey);
    case 'redacted':
      return redact(text, context.known);
  }
}

function maskPhone(text: string): string {
  const phone = normalisePhone(text);
  if (phone === null) return STARS;
  const dash = phone.indexOf('-');
  if (dash > 0) return `${phone.slice(0, dash + 1)}${'*'.repeat(phone.length - dash - 5)}${phone.slice(-4)}`;
  return phone.length === 11 ? `${phone.slice(0, 3)}****${phone.slice(-4)}` : '*'.repeat(phone.length);
}

/** The surname (compound surnames whole) or the first letter, and a star for each further character. */
function maskName(text: string): string {
  const characters = [...text.normalize('NFC').trim()];
  const first = characters[0] ?? '';
  if (characters.length < 2 || !/^\p{L}$/u.test(first) || characters.includes('*')) return STARS;
  const kept = surnameLength(characters);
  return `${characters.slice(0, kept).join('')}${'*'.repeat(characters.length - kept)}`;
}

/** Resident IDs of 18 characters and the old ones of 15 digits; any other document's number shows nothing. */
function maskIdNumber(text: string): string {
  const id = text.trim().toUpperCase();
  if (!/^(?:\d{17}[\dX]|\d{15})$/.test(id)) return STARS;
  return `${id.slice(0, 6)}${'*'.repeat(id.length - 10)}${id.slice(-4)}`;
}

/** `人员-` and 50 bits of HMAC-SHA-256 as base32 (RFC 4648): the same person, the same pseudonym, without a way back. */
function pseudonym(text: string, key: Buffer): string {
  const value = text.normalize('NFC').trim();
  if (value === '') return STARS;
  const digest = createHmac('sha256', key).update(value).digest();
  const bits = digest.readUIntBE(0, 6) * 4 + Math.floor(digest.readUInt8(6) / 64);
  let code = '';
  for (let shift = 45; shift >= 0; shift -= 5) code += BASE32.charAt(Math.floor(bits / 2 ** shift) % 32);
  return `人员-${code}`;
}

import { z } from 'zod';
import { nodesOf } from '../merkle/node-id.ts';
import { canonicalJson, readCanonicalJson } from './canonical-json.ts';
import { openingShape, type Opening } from './commitment.ts';
import { signedHeadShape, type SignedHead } from './head.ts';
import { count, hash, logId } from './shapes.ts';

export const EXPORT_FORMAT = 'lianqiao-ledger-export';

const header = z
  .strictObject({
    first: count,
    format: z.literal(EXPORT_FORMAT),
    heads: z.int().min(1),
    log: logId,
    openings: z.boolean(),
    range: z.array(hash).max(53).readonly(),
    size: count,
    v: z.literal(1),
  })
  .readonly()
  .refine(({ first, size }) => first <= size, { message: 'must not be less than `first`', path: ['size'] })
  .refine(({ first, range }) => nodesOf(0, first).length === range.length, {
    message: 'must have the hashes of the tree before `first`',
    path: ['range'],
  });

/**
 * First line of an export: the entries `first` (included) to `size` (not included) of one log, the compact range of the
 * entries before (base64url), how many lines of heads there are, and whether openings are among the lines.
 */
export type ExportHeader = z.output<typeof header>;

const openingLine = z.strictObject({ opening: openingShape });

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: string };

export const encodeHeader = (value: ExportHeader): Buffer => canonicalJson(value);
export const encodeOpening = (opening: Opening): Buffer => canonicalJson({ opening });
export const encodeHead = (head: SignedHead): Buffer => canonicalJson(head);

export const readHeader = (line: Buffer): Read<ExportHeader> => read(header, line);
export const readHead = (line: Buffer): Read<SignedHead> => read(signedHeadShape, line);

export function readOpening(line: Buffer): Read<Opening> {
  const parsed = read(openingLine, line);
  return parsed.ok ? { ok: true, value: parsed.value.opening } : parsed;
}

/** What a line is, by its first bytes; whether it is a right one is for `readEnvelope`, `readOpening` and `readHead`. */
export function kindOfLine(line: Buffer): 'entry' | 'opening' | 'head' | 'unknown' {
  const start = line.toString('latin1', 0, 12);
  if (start.startsWith('{"at":')) return 'entry';
  if (start.startsWith('{"opening":')) return 'opening';
  return start === '{"cosignatur' ? 'head' : 'unknown';
}

/** The fault names places and expectations, never what stands there. */
function read<T>(shape: z.ZodType<T>, line: Buffer): Read<T> {
  const json = readCanonicalJson(line);
  if (json === null) return { ok: false, fault: 'canonical JSON (RFC 8785) in UTF-8' };
  const parsed = shape.safeParse(json.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, fault: `${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'is wrong'}` };
}

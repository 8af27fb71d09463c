import { z } from 'zod';
import { isDateTime } from '../../codes/date-time.ts';
import { canonicalJson, sha256 } from '../../ledger/format/canonical-json.ts';

/** The file of a bundle that lists all others. */
export const manifestName = 'manifest.json';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const manifest = z.strictObject({
  format: z.literal('lianqiao-evidence'),
  version: z.literal(1),
  ticketNo: z.string().min(1),
  /** Disclosures before this time are in the bundle. RFC 3339, +08:00. */
  asOf: z.string().refine(isDateTime),
  /** Under which the hub answered. */
  policyVersion: z.string().min(1),
  purpose: z.literal('AUDIT'),
  /** In the order of their names. */
  files: z.array(
    z.strictObject({
      // A name in the bundle's own folder, so that no manifest leads out of it.
      name: z.string().regex(/^[a-z][a-z-]*\.json$/),
      bytes: z.int().min(0),
      sha256: digest,
    }),
  ),
  /** Signed heads of the ledger's tree and inclusion proofs of the bundle's entries. This version of the format has none. */
  ledger: z.strictObject({ heads: z.tuple([]), proofs: z.tuple([]) }),
});

export type Manifest = z.infer<typeof manifest>;

/** What a bundle is of. */
export type BundleSubject = Pick<Manifest, 'ticketNo' | 'asOf' | 'policyVersion'>;

/** A file of a bundle before it is written. */
export interface BundleFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The manifest of these files, as bytes: equal files of an equal subject have an equal one. */
export function manifestOf(subject: BundleSubject, files: readonly BundleFile[]): Buffer {
  const listed = files
    .map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: sha256(bytes) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const made: Manifest = {
    format: 'lianqiao-evidence',
    version: 1,
    ...subject,
    purpose: 'AUDIT',
    files: listed,
    ledger: { heads: [], proofs: [] },
  };
  return canonicalJson(manifest.parse(made));
}

/** Reads a manifest; null for bytes that are none, or not the canonical ones of what they say. */
export function readManifest(bytes: Buffer): Manifest | null {
  let read: unknown;
  try {
    read = JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
  const parsed = manifest.safeParse(read);
  if (!parsed.success || !canonicalJson(parsed.data).equals(bytes)) return null;
  const names = parsed.data.files.map((f) => f.name);
  return new Set(names).size === names.length && !names.includes(manifestName) ? parsed.data : null;
}

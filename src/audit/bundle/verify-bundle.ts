import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../ledger/format/canonical-json.ts';
import { EvidenceError } from './hub-client.ts';
import { manifestName, readManifest } from './manifest.ts';

/** What is wrong with one file of a bundle. `UNREADABLE`: it is a manifest that lists nothing, or something other than a file. */
export interface BundleFault {
  readonly file: string;
  readonly fault: 'CHANGED' | 'MISSING' | 'ADDED' | 'UNREADABLE';
}

export interface BundleCheck {
  readonly faults: readonly BundleFault[];
  /** SHA-256 of the manifest: whoever knows it from elsewhere knows the whole bundle. Null where there is none. */
  readonly manifest: string | null;
}

/**
 * Compares a bundle with its manifest, and that with the digest that the reader knows, where one is given. In the order of
 * the files' names. Rejects with `EvidenceError` where there is no such folder.
 */
export async function verifyBundle(folder: string, known?: string): Promise<BundleCheck> {
  const present = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new EvidenceError(`${folder} is no folder that can be read; name that of a bundle`);
  });
  const entry = (name: string) => present.find((e) => e.name === name);
  const read = async (name: string): Promise<Buffer | null> =>
    // A link could stand for a file that changes later.
    entry(name)?.isFile() === true ? readFile(join(folder, name)) : null;

  const bytes = await read(manifestName);
  if (bytes === null) {
    const fault = entry(manifestName) === undefined ? 'MISSING' : 'UNREADABLE';
    return { faults: [{ file: manifestName, fault }], manifest: null };
  }
  const digest = sha256(bytes);
  const manifest = readManifest(bytes);
  if (manifest === null) return { faults: [{ file: manifestName, fault: 'UNREADABLE' }], manifest: digest };
  const faults: BundleFault[] = [];
  if (known !== undefined && known !== digest) faults.push({ file: manifestName, fault: 'CHANGED' });
  for (const file of manifest.files) {
    const found = await read(file.name);
    if (found === null)
      faults.push({ file: file.name, fault: entry(file.name) === undefined ? 'MISSING' : 'UNREADABLE' });
    else if (found.length !== file.bytes || sha256(found) !== file.sha256)
      faults.push({ file: file.name, fault: 'CHANGED' });
  }
  const listed = new Set([manifestName, ...manifest.files.map((f) => f.name)]);
  for (const { name } of present) if (!listed.has(name)) faults.push({ file: name, fault: 'ADDED' });
  return { faults: faults.toSorted((a, b) => (a.file < b.file ? -1 : 1)), manifest: digest };
}

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { sha256 } from '../../ledger/format/canonical-json.ts';
import type { Evidence } from './gather-evidence.ts';
import { EvidenceError } from './hub-client.ts';
import { manifestName, manifestOf } from './manifest.ts';

/**
 * Writes the bundle as a new folder, whole or not at all, for its owner alone. Gives the manifest's SHA-256. Rejects with
 * `EvidenceError` where the name is taken.
 */
export async function writeBundle(folder: string, { subject, files }: Evidence): Promise<string> {
  const target = resolve(folder);
  refuseTaken(target);
  const manifest = manifestOf(subject, files);
  await mkdir(dirname(target), { recursive: true });
  // Beside the target, so that it moves in one step.
  const draft = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  try {
    for (const { name, bytes } of [...files, { name: manifestName, bytes: manifest }])
      await writeDurably(join(draft, name), bytes);
    // A folder that came up meanwhile and holds something makes this fail.
    refuseTaken(target);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  return sha256(manifest);
}

/** Throws `EvidenceError` where something has this name already: no evidence is ever written over. */
export function refuseTaken(folder: string): void {
  if (existsSync(folder)) throw new EvidenceError(`${folder} exists already; name a folder that does not`);
}

async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

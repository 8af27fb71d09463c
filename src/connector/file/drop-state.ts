import { open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const stamp = z.strictObject({ size: z.number(), modified: z.number(), inode: z.number() });

const dropFile = z.strictObject({
  name: z.string(),
  dated: z.number().nullable(),
  stamp,
  sideStamp: stamp.nullable(),
  shape: z.string(),
});

const version = dropFile.extend({
  /** The SQLite file, in the source's folder. */
  table: z.string().regex(/^[\w-]+\.db$/),
  bytes: z.number(),
  sha256: z.string(),
  rows: z.number(),
  rejected: z.number(),
});

const dropState = z.strictObject({
  current: version.nullable(),
  /** Kept on the disk until the next one is there. */
  previous: version.nullable(),
  /** Files that are not tried again as long as they stay what they were. */
  refused: z.array(dropFile),
});

/** A file that was looked at. */
export type SeenFile = z.infer<typeof dropFile>;
/** A table and the file that it was made of. */
export type Version = z.infer<typeof version>;
/** What is known of one record type's drops: `TYPE.json` in the source's folder. */
export type DropState = z.infer<typeof dropState>;

export const noDrops: DropState = { current: null, previous: null, refused: [] };

/** Nothing where there is no state; `damaged` where it cannot be used. Throws the system's error where it cannot be read. */
export async function readState(path: string): Promise<DropState | 'damaged'> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return noDrops;
    throw error;
  }
  try {
    return dropState.parse(JSON.parse(text));
  } catch {
    return 'damaged';
  }
}

/** Puts the state in the old one's place, whole or not at all. */
export async function writeState(path: string, state: DropState): Promise<void> {
  const half = `${path}.part`;
  const file = await open(half, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(state));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(half, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Whether the version's table is there, whole, and as the declaration now wants it. */
export async function isUsable(folder: string, version: Version, shape: string): Promise<boolean> {
  if (version.shape !== shape) return false;
  try {
    const { size } = await stat(join(folder, version.table));
    return size === version.bytes;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

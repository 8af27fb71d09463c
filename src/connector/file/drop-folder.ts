import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dateInName } from './date-in-name.ts';
import type { DropPlan } from './drop-plan.ts';

/** What a file was when somebody looked: while any of it changes, the file is being written. */
export interface FileStamp {
  readonly size: number;
  readonly modified: number;
  readonly inode: number;
}

/** A file in the folder that has a drop's name. */
export interface Drop {
  readonly name: string;
  readonly path: string;
  /** What its name tells, in milliseconds since 1970. */
  readonly dated: number | null;
  readonly stamp: FileStamp;
  /** Of `NAME.sha256`; null where there is none, or none is asked for. */
  readonly sideStamp: FileStamp | null;
  /** What is declared to come with it and is not there yet; null for a complete one. */
  readonly lacks: 'checksum' | 'marker' | null;
}

/** Files that may be taken in after one look, the newest first: a folder may hold those of years. */
const MOST = 30;
/** Names that one look goes through for them: links and files in the making must not keep a whole one out. */
const MOST_NAMES = 1_000;

export interface Look {
  /** False: there is no folder, and so nothing in it. */
  readonly there: boolean;
  /** Newest first. */
  readonly drops: readonly Drop[];
  /** Names that are no plain file: links, which could lead out of the folder, and folders. They are not followed. */
  readonly strange: readonly string[];
  /** Names dated after `latest`: such a file would stay the newest, and keep each day's own out, until that day. */
  readonly early: readonly string[];
}

/** `latest` is in milliseconds since 1970. Throws the system's error where the folder cannot be looked into. */
export async function lookInto(folder: string, plan: DropPlan, latest: number): Promise<Look> {
  const found = await namesIn(folder);
  const names = found ?? [];
  const fits = matcher(plan.namePattern);
  const sorted = names
    .filter(fits)
    .map((name) => ({ name, dated: dateInName(name) }))
    .toSorted(newestFirst);
  const isEarly = ({ dated }: Named): boolean => dated !== null && dated > latest;
  const drops: Drop[] = [];
  const strange: string[] = [];
  for (const { name, dated } of sorted.filter((one) => !isEarly(one)).slice(0, MOST_NAMES)) {
    if (drops.filter((drop) => drop.lacks === null).length >= MOST) break;
    const path = join(folder, name);
    const stamp = await stampOf(path);
    if (stamp === null) continue;
    if (stamp === 'strange') {
      strange.push(name);
      continue;
    }
    const sideStamp = plan.checksum === 'sideFile' ? await stampOf(`${path}.sha256`) : null;
    const side = sideStamp === 'strange' ? null : sideStamp;
    const marked = !plan.marker || plain(await stampOf(`${path}.ok`));
    drops.push({
      name,
      path,
      dated,
      stamp,
      sideStamp: side,
      lacks: plan.checksum === 'sideFile' && side === null ? 'checksum' : marked ? null : 'marker',
    });
  }
  return { there: found !== null, drops, strange, early: sorted.filter(isEarly).map((one) => one.name) };
}

/** The order in which drops count: by the date in the name, one without a date being older; then by name. */
export function newestFirst(a: Named, b: Named): number {
  const [x, y] = [a.dated ?? -Infinity, b.dated ?? -Infinity];
  if (x !== y) return x < y ? 1 : -1;
  if (a.name === b.name) return 0;
  return a.name < b.name ? 1 : -1;
}

interface Named {
  readonly name: string;
  readonly dated: number | null;
}

export function sameStamp(a: FileStamp | null, b: FileStamp | null): boolean {
  if (a === null || b === null) return a === b;
  return a.size === b.size && a.modified === b.modified && a.inode === b.inode;
}

async function namesIn(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function stampOf(path: string): Promise<FileStamp | 'strange' | null> {
  try {
    const of = await lstat(path);
    return of.isFile() ? { size: of.size, modified: of.mtimeMs, inode: of.ino } : 'strange';
  } catch (error) {
    // Taken away since the folder was listed.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const plain = (stamp: FileStamp | 'strange' | null): boolean => stamp !== null && stamp !== 'strange';

/** Whether a name fits the pattern. Names that `.` or `~$` begins are files in the making, or Excel's locks. */
function matcher(pattern: string): (name: string) => boolean {
  const parts = [...pattern].map((c) =>
    c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
  );
  const fits = new RegExp(`^${parts.join('')}$`, 'su');
  return (name) => !/^(?:\.|~\$)/.test(name) && fits.test(name);
}

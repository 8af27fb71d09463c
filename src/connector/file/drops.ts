import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntitySource } from '../connector.ts';
import type { Provenance } from '../provenance.ts';
import type { FileSettings } from '../settings/source-settings.ts';
import { SourceError } from '../source-error.ts';
import type { MappedEntity, SourceOpening } from '../source.ts';
import { dateInName } from './date-in-name.ts';
import { lookInto, newestFirst, sameStamp, type Drop } from './drop-folder.ts';
import type { DropPlan } from './drop-plan.ts';
import { isUsable, noDrops, readState, writeState, type DropState, type SeenFile, type Version } from './drop-state.ts';
import { takeLock } from './folder-lock.ts';
import { OpenVersion } from './open-version.ts';
import type { PickUpOutcome } from './pick-up.ts';
import { Problems } from './problems.ts';
import { runPickUp } from './run-pick-up.ts';

/** Milliseconds for which a load waits for the first version, where a file for it is there already. */
const FIRST_WAIT = 3_000;
/** Milliseconds by which a name's date may be ahead: a file can be made for the day that comes. */
const DAY = 86_400_000;
/** Looks after which a file that nothing was added to is told of: what belongs to it should have come. */
const LACKING_LOOKS = 5;
/** Refused files that are remembered. */
const MOST_REFUSED = 100;

/** The drops of one record type: looks for new ones, makes tables of them, and knows which table is in use. */
export class Drops {
  readonly #opening: SourceOpening;
  readonly #settings: FileSettings;
  readonly #entity: MappedEntity;
  readonly #plan: DropPlan;
  readonly #folder: string;
  readonly #dropFolder: string;
  readonly #statePath: string;
  readonly #problems: Problems;
  readonly #closing = new AbortController();
  #state: DropState = noDrops;
  #inUse: OpenVersion | null = null;
  /** Versions that loads may still run on, by their tables. */
  readonly #retiring = new Map<string, Promise<void>>();
  #unlock: (() => void) | null = null;
  #seen: ReadonlyMap<string, Drop> = new Map();
  /** Looks at which each file that is not complete was found as it was before. */
  #lacking: ReadonlyMap<string, number> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #look: Promise<void>;
  /** Resolves once the files that were there at the beginning have been tried, or there was none. */
  readonly #begun: Promise<void>;
  #begin: () => void = () => undefined;

  constructor(opening: SourceOpening, settings: FileSettings, entity: MappedEntity, plan: DropPlan) {
    this.#opening = opening;
    this.#settings = settings;
    this.#entity = entity;
    // What was made of another folder's files is not this source's: after a trial its real ones come from elsewhere.
    this.#plan = { ...plan, shape: createHash('sha256').update(`${plan.shape} ${settings.folder}`).digest('hex') };
    this.#folder = join(resolve(opening.dataDir), 'files', opening.source);
    this.#dropFolder = resolve(opening.dataDir, settings.folder);
    this.#statePath = join(this.#folder, `${entity.type}.json`);
    this.#problems = new Problems(`${opening.source}: ${entity.type}`, opening.onProblem);
    this.#begun = new Promise((resolve) => (this.#begin = resolve));
    this.#look = this.#lookAndGoOn(true);
  }

  /** Runs a load on the version in use. Rejects with `SourceError` where there is none. */
  async use<T>(signal: AbortSignal, load: (source: EntitySource, provenance: Provenance) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    if (this.#inUse === null) await this.#wait(signal);
    const open = this.#inUse;
    if (open === null) {
      const { agency } = this.#opening;
      throw new SourceError(
        agency,
        `the ${agency} source has delivered no file of ${this.#entity.type} that can be used`,
        {
          fault: 'UNREACHABLE',
        },
      );
    }
    const provenance = { fetchedAt: dateOf(open.version), staleSince: this.staleSince() };
    return open.use((source) => load(source, provenance));
  }

  /** Resolves once the files that were there at the beginning have been tried. Rejects with the signal's reason. */
  async ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', leave, { once: true });
      void this.#begun.then(() => {
        signal.removeEventListener('abort', leave);
        resolve();
      });
    });
  }

  /** What keeps new files out now. */
  troubles(): readonly string[] {
    return this.#problems.lasting.map((message) => `${this.#entity.type}: ${message}`);
  }

  /** The date of the file in use where it is too old, in milliseconds since 1970. */
  staleSince(): number | null {
    const { staleHours } = this.#settings;
    if (this.#inUse === null || staleHours === 0) return null;
    const date = dateOf(this.#inUse.version);
    return Date.now() - date > staleHours * 3_600_000 ? date : null;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the source is closed'));
    clearTimeout(this.#timer);
    await this.#look;
    this.#begin();
    const open = this.#inUse;
    this.#inUse = null;
    if (open !== null) this.#retire(open);
    await Promise.all(this.#retiring.values());
    this.#unlock?.();
    this.#unlock = null;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    try {
      const time = sleep(FIRST_WAIT, undefined, { signal: AbortSignal.any([signal, done.signal]) });
      await Promise.race([this.#begun, time]);
    } catch {
      signal.throwIfAborted();
    } finally {
      done.abort();
    }
  }

  async #lookAndGoOn(isFirst = false): Promise<void> {
    let waits = false;
    try {
      waits = await this.#lookOnce();
      this.#problems.standing('look', new Map());
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#problems.standing('look', new Map([['failed', whatFailed(error)]]));
    }
    // A file that was there at the first look is tried at the second.
    if (!isFirst || !waits) this.#begin();
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#look = this.#lookAndGoOn();
    }, this.#settings.pollSeconds * 1_000);
    this.#timer.unref();
  }

  /** Resolves with whether a file may be ready at the next look. */
  async #lookOnce(): Promise<boolean> {
    let isOurs: boolean;
    try {
      isOurs = await this.#own();
    } catch (error) {
      // Where nothing can be written, what there is can still be read.
      await this.#follow();
      throw error;
    }
    if (!isOurs) {
      await this.#follow();
      return true;
    }
    const { there, drops, strange, early } = await lookInto(this.#dropFolder, this.#plan, Date.now() + DAY);
    this.#problems.standing('folder', new Map(there ? [] : [['gone', 'its drop folder is not there']]));
    for (const name of strange)
      this.#problems.tellOnce(`strange ${name}`, 'a name in the folder is a link or no plain file: it is not read');
    for (const name of early)
      this.#problems.tellOnce(
        `early ${name}`,
        `a file${dayOf({ dated: dateInName(name) })} is dated in the future: it waits for its day`,
      );
    const before = this.#seen;
    this.#seen = new Map(drops.map((drop) => [drop.name, drop]));
    this.#tellLacking(drops, before);
    let waits = false;
    for (const drop of drops) {
      const { refused } = this.#state;
      const current = this.#state.current?.shape === this.#plan.shape ? this.#state.current : null;
      const file = this.#seenFile(drop);
      if (current !== null && (isSameFile(current, file) || newestFirst(current, drop) < 0)) break;
      if (refused.some((r) => isSameFile(r, file))) continue;
      if (drop.lacks !== null) continue;
      if (!this.#isSettled(drop, before.get(drop.name))) {
        waits = true;
        continue;
      }
      if (await this.#pickUp(drop, file)) break;
    }
    return waits;
  }

  /** A newer file that stays without its checksum or marker is never read: nobody would hear of it. */
  #tellLacking(drops: readonly Drop[], before: ReadonlyMap<string, Drop>): void {
    const current = this.#state.current?.shape === this.#plan.shape ? this.#state.current : null;
    const newer = drops.filter((drop) => drop.lacks !== null && (current === null || newestFirst(current, drop) > 0));
    const looks = newer.map((drop) => {
      const last = before.get(drop.name);
      const same = last !== undefined && sameStamp(last.stamp, drop.stamp);
      return [drop.name, same ? (this.#lacking.get(drop.name) ?? 0) + 1 : 1] as const;
    });
    this.#lacking = new Map(looks);
    const told = newer.filter((drop) => (this.#lacking.get(drop.name) ?? 0) >= LACKING_LOOKS);
    this.#problems.standing(
      'lacking',
      new Map(
        told.map((drop) => {
          const what = drop.lacks === 'checksum' ? 'its checksum (NAME.sha256)' : 'its marker (NAME.ok)';
          return [drop.name, `a file${dayOf(drop)} is not read: ${what} is not beside it`];
        }),
      ),
    );
  }

  /** Takes the folder, and makes it what the state says. False while another process has it. */
  async #own(): Promise<boolean> {
    if (this.#unlock !== null) return true;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const unlock = takeLock(join(this.#folder, `${this.#entity.type}.lock`));
    if (unlock === null) return false;
    try {
      await this.#follow();
      await this.#clean();
    } catch (error) {
      unlock();
      throw error;
    }
    this.#unlock = unlock;
    return true;
  }

  /** Uses what the state names: the current version, or the one before it where the current one is damaged. */
  async #follow(): Promise<void> {
    const state = await readState(this.#statePath);
    if (state === 'damaged') {
      this.#problems.tellOnce('state', 'what was known of earlier files is damaged: the newest is read anew');
      return;
    }
    this.#state = state;
    const { current, previous } = state;
    for (const version of [current, previous]) {
      if (version === null) continue;
      if (this.#inUse?.version.table === version.table) {
        this.#inUse.redate(version);
        return;
      }
      if (!(await isUsable(this.#folder, version, this.#plan.shape))) {
        if (version.shape === this.#plan.shape)
          this.#problems.tellOnce(
            `table ${version.table}`,
            'the table of a good file is damaged or gone: an earlier one is used',
          );
        continue;
      }
      if (version !== current) this.#state = { ...state, current: version, previous: null };
      this.#open(version);
      return;
    }
    this.#state = { ...noDrops, refused: state.refused };
  }

  /** Removes what a process that ended half-way has left. */
  async #clean(): Promise<void> {
    const { current, previous } = this.#state;
    const kept = new Set([current?.table, previous?.table]);
    const ours = new RegExp(`^${this.#entity.type}(?:-[\\w-]+\\.(?:db|part)|\\.json\\.part)$`);
    for (const name of await readdir(this.#folder))
      if (ours.test(name) && !kept.has(name)) await rm(join(this.#folder, name), { force: true });
  }

  /** Whether nothing was written since the look before; of the file that the last version was made of that is known. */
  #isSettled(drop: Drop, before: Drop | undefined): boolean {
    const { current } = this.#state;
    const known = [before, current?.name === drop.name ? current : undefined];
    return known.some(
      (k) => k !== undefined && sameStamp(k.stamp, drop.stamp) && sameStamp(k.sideStamp, drop.sideStamp),
    );
  }

  /** Resolves with whether the file need not be followed by an older one. */
  async #pickUp(drop: Drop, file: SeenFile): Promise<boolean> {
    const { current } = this.#state;
    const id = `${this.#entity.type}-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
    const part = join(this.#folder, `${id}.part`);
    const outcome = await runPickUp(
      {
        plan: this.#plan,
        name: drop.name,
        path: drop.path,
        stamp: drop.stamp,
        sideStamp: drop.sideStamp,
        known: current?.sha256 ?? null,
        table: part,
        rejectsFolder: join(this.#folder, 'rejects'),
        rejectPercent: this.#settings.rejectPercent,
      },
      this.#closing.signal,
    );
    switch (outcome.kind) {
      case 'good':
        await this.#install(part, { ...file, table: `${id}.db` }, outcome);
        return true;
      case 'known':
        if (current !== null) await this.#save({ ...this.#state, current: { ...current, ...file } });
        this.#inUse?.redate(file);
        return true;
      case 'changed':
        return false;
      case 'refused': {
        const refused = [...this.#state.refused.filter((r) => r.name !== file.name), file].slice(-MOST_REFUSED);
        await this.#save({ ...this.#state, refused });
        const left = this.#inUse === null ? 'there is no earlier one' : 'the last good one stays in use';
        this.#problems.tell(`a file${dayOf(file)} is refused (${outcome.code}): ${outcome.message}; ${left}`);
        return false;
      }
    }
  }

  async #install(
    part: string,
    file: SeenFile & { readonly table: string },
    { sha256, rows, rejected }: PickUpOutcome & { readonly kind: 'good' },
  ): Promise<void> {
    const path = join(this.#folder, file.table);
    await rename(part, path);
    const { size } = await stat(path);
    const version: Version = { ...file, bytes: size, sha256, rows, rejected };
    const { current, previous, refused } = this.#state;
    await this.#save({ current: version, previous: current, refused });
    this.#open(version);
    if (previous !== null) this.#remove(previous);
    if (rejected > 0)
      this.#problems.tell(
        `${rejected} of the ${rows + rejected} rows of a file${dayOf(file)} are left out; files/${this.#opening.source}/rejects says which and why`,
      );
  }

  #open(version: Version): void {
    const before = this.#inUse;
    this.#inUse = new OpenVersion(version, this.#folder, this.#opening, this.#entity, this.#plan);
    if (before !== null) this.#retire(before);
  }

  #retire(open: OpenVersion): void {
    const { table } = open.version;
    this.#retiring.set(
      table,
      open.retire().then(() => void this.#retiring.delete(table)),
    );
  }

  /** Removes a table, once no load runs on it. A table that stays is removed at the next start. */
  #remove({ table }: Version): void {
    const ended = this.#retiring.get(table) ?? Promise.resolve();
    ended.then(() => rm(join(this.#folder, table), { force: true })).catch(() => undefined);
  }

  async #save(state: DropState): Promise<void> {
    await writeState(this.#statePath, state);
    this.#state = state;
  }

  #seenFile({ name, dated, stamp, sideStamp }: Drop): SeenFile {
    return { name, dated, stamp, sideStamp, shape: this.#plan.shape };
  }
}

function isSameFile(a: SeenFile, b: SeenFile): boolean {
  return a.name === b.name && a.shape === b.shape && sameStamp(a.stamp, b.stamp) && sameStamp(a.sideStamp, b.sideStamp);
}

/** The file's own date: what its name tells, or when it was last written. */
function dateOf({ dated, stamp }: SeenFile): number {
  return dated ?? stamp.modified;
}

/** Names of files are theirs who drop them: only the day is told. */
function dayOf({ dated }: Pick<SeenFile, 'dated'>): string {
  return dated === null ? '' : ` of ${new Date(dated + 8 * 3_600_000).toISOString().slice(0, 10)}`;
}

function whatFailed(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return `its folder or ours cannot be used (${typeof code === 'string' ? code : 'no code'})`;
}

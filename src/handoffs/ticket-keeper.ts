import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LoadedConfig } from '../config/config.ts';
import type { TicketPlace } from '../store/ticket-database.ts';
import { openTicketFile, type TicketFile } from './ticket-file.ts';

/** Keeps the tickets open from their first use on: the hub starts without them. */
export interface TicketKeeper {
  /** Whether a database server keeps them. */
  readonly onServer: boolean;
  /** The open tickets; null where their SQLite file is not there. */
  file(): Promise<TicketFile | null>;
  close(): Promise<void>;
}

/** How long a writer waits for another process's transaction on a SQLite file, in milliseconds. */
const busyMilliseconds = 2_000;

/** Null where the configuration keeps the tickets in another system. `onEvents` is called when there are new events. */
export function ticketKeeper(config: LoadedConfig, onEvents: () => void = () => undefined): TicketKeeper | null {
  const place = ticketPlace(config);
  if (place === null) return null;
  const days = {
    REPEAT_COMPLAINT: config.ticketRepeatDays,
    DUPLICATE: config.ticketDuplicateDays,
    MERGE_CANDIDATE: config.ticketMergeDays,
  };
  let kept: { readonly file: Promise<TicketFile>; readonly inode: number | undefined } | null = null;
  const close = async (): Promise<void> => {
    const { file } = kept ?? {};
    kept = null;
    await (await file?.catch(() => null))?.close();
  };
  return {
    onServer: place.kind === 'mysql',
    async file() {
      // A file that was replaced is opened anew: what is written into the old one would be lost.
      const inode = place.kind === 'sqlite' ? statSync(place.file, { throwIfNoEntry: false })?.ino : undefined;
      if (kept !== null && kept.inode === inode) return kept.file;
      void close();
      if (place.kind === 'sqlite' && inode === undefined) return null;
      const mine = { file: openTicketFile(place, days, onEvents), inode };
      kept = mine;
      // What failed to open is tried again by whoever comes next.
      mine.file.catch(() => {
        if (kept === mine) kept = null;
      });
      return mine.file;
    },
    close,
  };
}

/** Where the tickets are: beside the hub, or where the hotline's connector reads them. */
function ticketPlace({ sources, dataDir }: LoadedConfig): TicketPlace | null {
  const settings = sources['hotline'];
  if (settings === undefined) return { kind: 'sqlite', file: resolve(dataDir, 'hotline.db'), busyMilliseconds };
  if (settings.kind !== 'sql') return null;
  switch (settings.client) {
    case 'sqlite':
      return settings.file === undefined
        ? null
        : { kind: 'sqlite', file: resolve(dataDir, settings.file), busyMilliseconds };
    case 'mysql':
      return { kind: 'mysql', settings };
    case 'postgres':
      return null;
  }
}

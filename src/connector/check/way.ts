import { existsSync, readdirSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sourceSettings, type SourceSettings } from '../settings/source-settings.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';

/** How a driver reaches its source, and so where a fault can be put between them. */
export type Way =
  | { readonly kind: 'http'; readonly proxy: FaultProxy }
  /** Another protocol over TCP, such as a database's. */
  | { readonly kind: 'tcp'; readonly proxy: FaultProxy }
  | { readonly kind: 'files'; readonly files: Files };

/** Files that a source lies in. */
export interface Files {
  /** Moves them away. */
  readonly hide: () => void;
  /** Writes something else over them. */
  readonly garble: () => void;
  /** Cuts each in the middle. */
  readonly halve: () => void;
  /** Puts them back as they were. */
  readonly restore: () => void;
}

/** A way to the source on which faults can be set, and the settings that lead over it. */
export async function openWay(settings: SourceSettings): Promise<{ way: Way; settings: SourceSettings }> {
  switch (settings.kind) {
    case 'rest':
    case 'graphql':
    case 'soap': {
      const url = new URL(settings.url);
      const proxy = await startFaultProxy({ host: url.hostname, port: Number(url.port === '' ? 80 : url.port) });
      const through = settings.url.replace(url.host, `127.0.0.1:${proxy.port}`);
      return { way: { kind: 'http', proxy }, settings: sourceSettings.parse({ ...settings, url: through }) };
    }
    case 'sql': {
      if (settings.client === 'sqlite')
        return { way: { kind: 'files', files: filesAt(settings.file ?? '') }, settings };
      const preset = settings.client === 'mysql' ? 3_306 : 5_432;
      const proxy = await startFaultProxy({ host: settings.host ?? '127.0.0.1', port: settings.port ?? preset });
      return {
        way: { kind: 'tcp', proxy },
        settings: sourceSettings.parse({ ...settings, host: '127.0.0.1', port: proxy.port }),
      };
    }
    case 'file':
      return { way: { kind: 'files', files: filesAt(settings.folder) }, settings };
  }
}

/** The file of this path, or all files of this folder. */
function filesAt(path: string): Files {
  const at = resolve(path);
  const whole = new Map<string, Buffer>();
  const aside = `${at}.away`;
  const each = (change: (file: string, content: Buffer) => void): void => {
    for (const file of filesBelow(at)) {
      const content = readFileSync(file);
      if (!whole.has(file)) whole.set(file, content);
      change(file, content);
    }
  };
  return {
    hide: () => renameSync(at, aside),
    garble: () => each((file, { length }) => writeFileSync(file, Buffer.alloc(Math.max(length, 64), '<html>系统维护'))),
    halve: () => each((file, { length }) => truncateSync(file, Math.floor(length / 2))),
    restore() {
      if (existsSync(aside)) renameSync(aside, at);
      for (const [file, content] of whole) writeFileSync(file, content);
      whole.clear();
    },
  };
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => filesBelow(join(path, entry.name)));
}

import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SourceSettings } from '../connector/settings/source-settings.ts';
import type { ServedSystems } from './serve-systems.ts';

/** What the process of the systems tells its parent. */
export type SystemsMessage =
  | { readonly kind: 'ready'; readonly sources: Readonly<Record<string, SourceSettings>> }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * The city's systems in a process of their own, as they are in a real city: what they do costs the hub nothing. They end
 * with it. Rejects when they do not start.
 */
export async function forkSystems(dataDir: string, agencies: readonly string[]): Promise<ServedSystems> {
  const script = fileURLToPath(new URL('./systems-main.js', import.meta.url));
  const child = fork(script, [dataDir, ...agencies], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const sources = await ready(child);
  return { sources, close: () => end(child) };
}

function ready(child: ChildProcess): Promise<Readonly<Record<string, SourceSettings>>> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the city's systems did not start (exit ${code ?? 'by signal'})`)));
    child.once('error', reject);
    child.once('message', (message: SystemsMessage) => {
      if (message.kind === 'ready') resolve(message.sources);
      else reject(new Error(`the city's systems did not start: ${message.message}`));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    // The channel is what keeps it alive: see systems-main.ts.
    child.disconnect();
  });
}

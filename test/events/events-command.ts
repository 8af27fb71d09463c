import { Command } from 'commander';
import { vi } from 'vitest';
import { eventsCommand } from '../../src/cli/events.ts';

class Exit extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `lianqiao events …` under these settings, and gives all that a shell would see. */
export async function events(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    });
  }
  vi.spyOn(process, 'exit').mockImplementation((status) => {
    throw new Exit(Number(status ?? 0));
  });
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  process.exitCode = undefined;
  try {
    await new Command('lianqiao').addCommand(eventsCommand()).parseAsync(['events', ...args], { from: 'user' });
    return { status: Number(process.exitCode ?? 0), ...written };
  } catch (error) {
    if (error instanceof Exit) return { status: error.status, ...written };
    throw error;
  } finally {
    process.exitCode = undefined;
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  }
}

import { eventsCommand } from '../../src/cli/events.ts';
import { runCommand, type Run } from '../kit/run-command.ts';

/** Runs `lianqiao events …` under these settings. */
export const events = (env: Readonly<Record<string, string>>, ...args: string[]): Promise<Run> =>
  runCommand(eventsCommand(), args, env);

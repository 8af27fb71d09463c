import type { CommanderError } from 'commander';

/** How a command ends: what Commander refuses is wrong usage (2); what the command itself refuses says its own code. */
export function usageExit({ exitCode, code }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : code === 'commander.error' ? exitCode : 2);
}

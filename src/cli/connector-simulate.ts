import { Command } from 'commander';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ConfigurationError } from '../access/problem.ts';
import { serveSystems, type ServedSystems } from '../city/serve-systems.ts';
import { loadModules } from '../hub/modules.ts';
import { projectRoot } from '../schema/project-root.ts';
import { usageExit } from './usage-exit.ts';

/** `lianqiao connector simulate NAME`: the agency's system on this machine, over the rows of its `samples.json`. */
export function connectorSimulateCommand(): Command {
  return new Command('simulate')
    .description("Serve the like of an agency's system over the connector's samples, and print how the hub reaches it")
    .argument('<agency>', 'a connector below connectors/')
    .allowExcessArguments(false)
    .exitOverride(usageExit)
    .action(async (agency: string, _flags: object, command: Command) => {
      const folder = mkdtempSync(join(tmpdir(), 'lianqiao-simulate-'));
      let systems: ServedSystems;
      try {
        const { connectors } = await loadModules(projectRoot, [agency]);
        systems = await serveSystems(folder, connectors, projectRoot);
      } catch (error) {
        rmSync(folder, { recursive: true, force: true });
        if (!(error instanceof ConfigurationError) && !(error instanceof RangeError)) throw error;
        return command.error(`error: ${error.message}`, { exitCode: 1 });
      }
      if (Object.keys(systems.sources).length === 0) {
        rmSync(folder, { recursive: true, force: true });
        return command.error(`error: connectors/${agency} has no samples.json`, { exitCode: 1 });
      }
      process.stdout.write(
        `# In the hub's configuration, while this runs (end it with Ctrl-C):\n${stringify({ sources: systems.sources })}`,
      );
      const stop = (): void =>
        void systems.close().finally(() => {
          rmSync(folder, { recursive: true, force: true });
          process.exit(0);
        });
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
    });
}

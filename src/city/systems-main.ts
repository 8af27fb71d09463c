import { loadModules } from '../hub/modules.ts';
import { projectRoot } from '../schema/project-root.ts';
import { serveSystems } from './serve-systems.ts';
import type { SystemsMessage } from './systems-process.ts';

/* The process of the embedded city's systems: `systems-main.js DATA_DIR AGENCY…`, started by systems-process.ts. */

const [dataDir = '', ...agencies] = process.argv.slice(2);
const say = (message: SystemsMessage): void => void process.send?.(message);

// Signals of the terminal reach both processes; the hub decides when its systems end.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

try {
  const { connectors } = await loadModules(projectRoot, agencies);
  const systems = await serveSystems(dataDir, connectors, projectRoot);
  process.once('disconnect', () => void systems.close().finally(() => process.exit(0)));
  say({ kind: 'ready', sources: systems.sources });
} catch (error) {
  say({ kind: 'failed', message: error instanceof Error ? error.message : 'unknown failure' });
  process.exitCode = 1;
  process.disconnect();
}

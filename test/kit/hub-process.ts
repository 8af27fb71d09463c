import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../src/schema/project-root.ts';

/** A hub in a process of its own, which a test may kill: the built command, as an operator starts it. */
export interface HubProcess {
  readonly url: string;
  readonly dataDir: string;
  kill(): Promise<void>;
}

export async function startHubProcess(dataDir: string, env: Readonly<Record<string, string>>): Promise<HubProcess> {
  const child: ChildProcess = spawn(process.execPath, [join(projectRoot, 'dist/src/cli/main.js'), 'serve'], {
    env: { PATH: process.env['PATH'], PORT: '0', LIANQIAO_DATA_DIR: dataDir, LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('the process has no output');
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const address = /POST (\S+)\/graphql/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', () => reject(new Error('the hub ended at its start')));
  });
  return {
    url,
    dataDir,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

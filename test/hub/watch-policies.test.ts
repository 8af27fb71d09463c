import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { watchPolicies } from '../../src/hub/watch-policies.ts';
import { ownRoot } from '../kit/own-root.ts';

/* Files are changed as people and programs change them; what is noticed is counted. */

async function noticed(act: (root: string) => void): Promise<number> {
  const { root, remove } = ownRoot();
  let times = 0;
  const watcher = watchPolicies(root, ['hotline', 'police'], pino({ level: 'silent' }), () => void (times += 1));
  try {
    act(root);
    // Long enough for the rest after a change, and for one more that should not come.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return times;
  } finally {
    watcher.close();
    remove();
  }
}

const policy = (root: string): string => join(root, 'connectors/police/sharing.yaml');

test('several files saved together are noticed once', async () => {
  expect(
    await noticed((root) => {
      writeFileSync(policy(root), 'a');
      writeFileSync(join(root, 'connectors/hotline/sharing.yaml'), 'b');
      writeFileSync(join(root, 'src/audit/sharing.yaml'), 'c');
    }),
  ).toBe(1);
});

test('a file put in the place of the old one is noticed', async () => {
  expect(
    await noticed((root) => {
      writeFileSync(`${policy(root)}.new`, 'a');
      renameSync(`${policy(root)}.new`, policy(root));
    }),
  ).toBe(1);
});

test('other files are not', async () => {
  expect(await noticed((root) => writeFileSync(join(root, 'connectors/police/README.md'), 'a'))).toBe(0);
});

test('where a folder cannot be watched, the log says what to do', () => {
  const { root, remove } = ownRoot();
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  watchPolicies(root, ['hotline', 'fire'], logger, () => undefined).close();
  remove();
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({
      file: 'connectors/fire/sharing.yaml',
      code: 'ENOENT',
      msg: 'changes of this policy are not noticed by themselves; send SIGHUP after a change',
    }),
  ]);
});

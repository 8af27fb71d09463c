import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { canonicalJson } from '../../src/ledger/format/canonical-json.ts';
import type { Evidence } from '../../src/audit/bundle/gather-evidence.ts';
import { verifyBundle } from '../../src/audit/bundle/verify-bundle.ts';
import { writeBundle } from '../../src/audit/bundle/write-bundle.ts';

const home = mkdtempSync(join(tmpdir(), 'lianqiao-bundle-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const subject = { ticketNo: '12345:1', asOf: '2026-11-16T09:00:00+08:00', policyVersion: 'abc' };
const evidence: Evidence = {
  subject,
  files: [
    { name: 'ticket.json', bytes: canonicalJson({ b: 1, a: '热线' }) },
    { name: 'handoffs.json', bytes: canonicalJson([1, 2, 3]) },
  ],
};
const names = ['handoffs.json', 'manifest.json', 'ticket.json'];

let made = 0;
async function bundle(): Promise<{ folder: string; digest: string }> {
  made += 1;
  const folder = join(home, `bundle-${made}`);
  return { folder, digest: await writeBundle(folder, evidence) };
}
const faultsOf = async (folder: string, digest?: string): Promise<string[]> =>
  (await verifyBundle(folder, digest)).faults.map(({ file, fault }) => `${fault} ${file}`);

test('is canonical JSON: names in order, no white space, UTF-8', () => {
  expect(canonicalJson({ b: [1e21, 0.1], a: '热"线', c: null }).toString()).toBe(
    '{"a":"热\\"线","b":[1e+21,0.1],"c":null}',
  );
});

test('equal evidence has equal bytes and one digest', async () => {
  const [first, second] = [await bundle(), await bundle()];
  expect(readdirSync(first.folder).toSorted()).toEqual(names);
  for (const name of names)
    expect(readFileSync(join(first.folder, name))).toEqual(readFileSync(join(second.folder, name)));
  expect(second.digest).toBe(first.digest);
  expect(await verifyBundle(first.folder, first.digest)).toEqual({ faults: [], manifest: first.digest });
});

test('any changed byte of any file is told, and where it is', async () => {
  const { folder, digest } = await bundle();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.integer({ min: 1, max: 255 }), async (name, place, by) => {
      const file = join(folder, name);
      const before = readFileSync(file);
      const after = Buffer.from(before);
      const at = place % after.length;
      after[at] = (after[at] ?? 0) ^ by;
      writeFileSync(file, after);
      try {
        const faults = await faultsOf(folder, digest);
        if (name === 'manifest.json')
          expect(faults).toContainEqual(expect.stringMatching(/(?:CHANGED|UNREADABLE) manifest/));
        else expect(faults).toEqual([`CHANGED ${name}`]);
      } finally {
        writeFileSync(file, before);
      }
    }),
    { numRuns: 150 },
  );
});

test('what is missing, added or no file is told by name', async () => {
  const { folder } = await bundle();
  writeFileSync(join(folder, 'note.txt'), '');
  renameSync(join(folder, 'ticket.json'), join(home, 'elsewhere.json'));
  expect(await faultsOf(folder)).toEqual(['ADDED note.txt', 'MISSING ticket.json']);
  symlinkSync(join(home, 'elsewhere.json'), join(folder, 'ticket.json'));
  expect(await faultsOf(folder)).toEqual(['ADDED note.txt', 'UNREADABLE ticket.json']);
  rmSync(join(folder, 'manifest.json'));
  expect(await verifyBundle(folder)).toEqual({ faults: [{ file: 'manifest.json', fault: 'MISSING' }], manifest: null });
  await expect(verifyBundle(join(home, 'nowhere'))).rejects.toThrow('is no folder that can be read');
});

test('a manifest that was made anew for changed files is told by the digest that was kept', async () => {
  const { folder, digest } = await bundle();
  const other = await bundle();
  rmSync(other.folder, { recursive: true });
  await writeBundle(other.folder, { ...evidence, files: [{ name: 'ticket.json', bytes: canonicalJson('forged') }] });
  expect(await faultsOf(other.folder)).toEqual([]);
  expect(await faultsOf(other.folder, digest)).toEqual(['CHANGED manifest.json']);
  expect(await faultsOf(folder, digest)).toEqual([]);
});

test('a manifest that names a file elsewhere, twice, or in other words than its canonical ones lists nothing', async () => {
  const { folder } = await bundle();
  const file = join(folder, 'manifest.json');
  const text = readFileSync(file, 'utf8');
  const forged = [
    text.replace('handoffs.json', '../handoffs.json'),
    text.replace('handoffs.json', 'ticket.json'),
    text.replace('{', '{ '),
    text.replace('"heads":[]', '"heads":["signed"]'),
  ];
  for (const one of forged) {
    expect(one).not.toBe(text);
    writeFileSync(file, one);
    expect(await faultsOf(folder)).toEqual(['UNREADABLE manifest.json']);
  }
});

test('what cannot be written whole leaves nothing, and nothing is written over', async () => {
  const { folder } = await bundle();
  const before = readdirSync(home).toSorted();
  await expect(writeBundle(folder, evidence)).rejects.toThrow('exists already');
  const [one] = evidence.files;
  const twice = one === undefined ? [] : [one, one];
  await expect(writeBundle(join(home, 'half'), { subject, files: twice })).rejects.toThrow('EEXIST');
  expect(readdirSync(home).toSorted()).toEqual(before);
});

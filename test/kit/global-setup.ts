import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { seedCity } from '../../src/city/city.ts';
import { secretFile } from '../../src/config/secret-file.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with a seeded city of 2,000 tickets. Tests copy what they change. */
    readonly city: string;
  }
}

/** Seeds one city for the whole run: equal for every run, since the generator is deterministic. */
export default async function setup(project: TestProject): Promise<() => void> {
  const city = mkdtempSync(join(tmpdir(), 'lianqiao-city-'));
  await seedCity({ dataDir: city, joinSecret: secretFile(city, 'join') });
  project.provide('city', city);
  return () => rmSync(city, { recursive: true, force: true });
}

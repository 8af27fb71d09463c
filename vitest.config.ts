import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node loads graphql's CommonJS build everywhere; Vitest would take the other one for our own files, and two do not mix.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    include: ['test/**/*.test.ts', 'connectors/*/*.test.ts'],
    globalSetup: ['test/kit/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is polled for comes; a busy machine needs more than the second that is preset.
    expect: { poll: { timeout: 10_000 } },
    // Two cores: more workers only wait for each other.
    maxWorkers: 2,
  },
});

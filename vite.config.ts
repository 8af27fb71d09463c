import react from '@vitejs/plugin-react';
import { join } from 'node:path';
import { defineConfig } from 'vite';

const app = join(import.meta.dirname, 'src', 'console', 'app');

/** The hub that `vite` (the development server) asks; the build asks nobody. */
const hub = process.env['LIANQIAO_URL'] ?? 'http://127.0.0.1:4000';

/** Builds the pages `/console` and `/explorer` into dist/console, which the hub serves under `/console/assets/`. */
export default defineConfig({
  root: app,
  base: '/console/assets/',
  plugins: [react()],
  server: { proxy: { '/graphql': hub, '/console/demo-callers.json': hub } },
  build: {
    outDir: join(import.meta.dirname, 'dist', 'console'),
    emptyOutDir: true,
    assetsDir: '.',
    // The pages' content security policy forbids `data:` scripts, and an inlined icon gains nothing.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // GraphiQL's editor is one large module; it is loaded by the explorer alone.
    chunkSizeWarningLimit: 6_000,
    rolldownOptions: {
      input: { index: join(app, 'index.html'), explorer: join(app, 'explorer.html') },
      onLog(level, log, print) {
        // GraphiQL comes compiled, so a directive to the React compiler has nobody left to read it.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') print(level, log);
      },
    },
  },
});

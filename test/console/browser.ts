import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { projectRoot } from '../../src/schema/project-root.ts';
import type { RunningHub } from '../kit/running-hub.ts';

const executable = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const missing = `no Chromium at ${executable}: install it (apt-get install chromium) or name it in CHROMIUM_PATH`;

/** Whether the browser tests can run. Without a browser they are left out with a warning, except under CI, where they fail. */
export function browserTestsRun(): boolean {
  if (existsSync(executable) || process.env['CI'] === 'true') return true;
  console.warn(`\nTHE CONSOLE'S BROWSER TESTS ARE LEFT OUT: ${missing}\n`);
  return false;
}

/** A browser without a window, and without errands of its own on the network. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(executable)) throw new Error(missing);
  if (!existsSync(join(projectRoot, 'dist', 'console', 'index.html'))) {
    throw new Error('the console is not built: run `npm run build:console` first');
  }
  return chromium.launch({
    executablePath: executable,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

export interface Visit {
  readonly page: Page;
  /** Errors and warnings that the page wrote to its console, and exceptions that nobody caught. */
  readonly complaints: readonly string[];
  /** Addresses outside the hub that the page asked for. */
  readonly elsewhere: readonly string[];
  close(): Promise<void>;
}

export interface VisitOptions {
  readonly viewport?: NonNullable<BrowserContextOptions['viewport']>;
  /** Runs before the page loads: to answer some of its requests in the hub's place. */
  readonly before?: (page: Page) => Promise<unknown>;
}

/** Opens a page of the hub as a reader would who was never there. */
export async function visit(
  browser: Browser,
  hub: RunningHub,
  path: string,
  { viewport = { width: 1440, height: 900 }, before }: VisitOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'America/New_York' });
  const page = await context.newPage();
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${hub.url}/`) && !/^(?:data|blob):/.test(url)) elsewhere.push(url);
  });
  await before?.(page);
  await page.goto(`${hub.url}${path}`);
  return { page, complaints, elsewhere, close: () => context.close() };
}

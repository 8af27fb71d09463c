import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { browserTestsRun, openBrowser, visit, type Visit, type VisitOptions } from './browser.ts';

/** Long enough for a busy machine; a page that answers is not waited for. */
const patience = { timeout: 10_000 };

describe.runIf(browserTestsRun())('the explorer in a browser', () => {
  let hub: RunningHub;
  let browser: Browser;
  let opened: Visit | undefined;

  beforeAll(async () => {
    browser = await openBrowser();
    hub = await startHub();
  });
  afterEach(async () => opened?.close());
  afterAll(async () => {
    await browser?.close();
    await hub?.close();
  });

  const open = async (options: VisitOptions = {}): Promise<Visit> => {
    opened = await visit(browser, hub, '/explorer', options);
    await opened.page.locator('.graphiql-execute-button').waitFor();
    await opened.page.locator('.explorer-note', { hasNotText: '正在读取' }).waitFor();
    return opened;
  };

  test('runs a query as the chosen caller, without docs where the token may not read the schema', async () => {
    const { page, complaints, elsewhere } = await open();
    expect(await page.locator('.explorer-note').textContent()).toBe(
      '此令牌不能读取数据结构（仅限数据管理员 STEWARD）：可以查询，没有文档与自动补全。',
    );
    expect(await page.locator('.graphiql-tab-button').allTextContents()).toEqual([
      'OneTicket',
      'TicketList',
      'ExplainAccess',
    ]);
    await page.getByLabel('所依据的工单').fill(showcase.ticketNo);
    const request = await run(page, 'OneTicket');
    const headers = request.headers();
    expect([headers['lianqiao-purpose'], headers['lianqiao-ticket']]).toEqual(['HANDLING', showcase.ticketNo]);
    expect(request.postDataJSON()).toMatchObject({
      operationName: 'OneTicket',
      variables: { ticketNo: showcase.ticketNo },
    });
    await expect.poll(() => shownAnswer(page), patience).toContain('"reporterPhone": "138****0517"');
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toMatch(/OneTicket|eyJ/);
  });

  test('runs the other examples too, as another caller', async () => {
    const { page, complaints } = await open();
    await page.getByLabel('使用者').click();
    await page.getByTitle('审计员').click();
    const answers: unknown[] = [];
    for (const example of ['TicketList', 'ExplainAccess']) {
      await page.locator('.graphiql-tab-button', { hasText: example }).click();
      const request = await run(page, example);
      const body = (await (await request.response())?.json()) as { data: unknown };
      answers.push(body.data);
      expect(request.headers()['lianqiao-purpose']).toBe('AUDIT');
    }
    expect(answers).toEqual([
      { tickets: expect.objectContaining({ nodes: expect.objectContaining({ length: 5 }) }) },
      { explainAccess: expect.objectContaining({ agency: 'audit', role: 'AUDITOR', purpose: 'AUDIT' }) },
    ]);
    expect(complaints).toEqual([]);
  });

  test('loads the docs with a steward’s token', async () => {
    const { page, complaints } = await open();
    await page.getByLabel('使用者').click();
    await page.getByTitle('自备令牌').click();
    await page
      .getByLabel('令牌', { exact: true })
      .fill(await hub.token({ agency: 'hotline', role: 'STEWARD', purposes: ['STATISTICS'] }));
    await page.locator('.explorer-note', { hasText: '数据结构文档已载入' }).waitFor();
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.locator('.graphiql-doc-explorer a', { hasText: 'Query' }).click();
    await expect.poll(() => page.locator('.graphiql-doc-explorer').textContent(), patience).toContain('按编号取工单');
    expect(complaints).toEqual([]);
  });

  test('renews a demo token that has expired, and asks again', async () => {
    const { page } = await open();
    const tokens: (string | undefined)[] = [];
    const refused = { errors: [{ message: 'expired', extensions: { code: 'UNAUTHENTICATED' } }] };
    await page.route('**/graphql', async (route) => {
      tokens.push(route.request().headers()['authorization']);
      await (tokens.length === 1 ? route.fulfill({ status: 401, json: refused }) : route.fallback());
    });
    await run(page, 'OneTicket');
    await expect.poll(() => shownAnswer(page), patience).toContain('"reporterPhone": "138****0517"');
    expect(tokens[1]).toMatch(/^Bearer eyJ/);
    expect(tokens[1]).not.toBe(tokens[0]);
  });
});

/** Runs the operation that the editor shows, once it shows it, and gives what was sent. */
async function run(page: Page, operation: string): Promise<Request> {
  await page.locator('.graphiql-query-editor .view-lines', { hasText: operation }).waitFor();
  const sent = page.waitForRequest((request) => request.postData()?.includes(`query ${operation}(`) === true);
  await page.locator('.graphiql-execute-button').click();
  return sent;
}

/** The answer as the editor shows it: it draws spaces as no-break spaces. */
async function shownAnswer(page: Page): Promise<string> {
  const text = (await page.locator('.graphiql-response .view-lines').textContent()) ?? '';
  return text.replaceAll('\u00a0', ' ');
}

import Database from 'better-sqlite3';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import type { DemoClaims } from '../../src/identity/demo-issuer.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { putTickets } from '../kit/ticket-place.ts';
import { browserTestsRun, openBrowser, visit, type Visit, type VisitOptions } from './browser.ts';

/** Long enough for a busy machine; a page that answers is not waited for. */
const patience = { timeout: 10_000 };

const callers = ['police', 'grid', 'housing', 'audit'];
const mobile: unknown = expect.stringMatching(/^1\d{10} 已提供$/);
const pseudonym: unknown = expect.stringMatching(/^人员-[A-Z2-7]{10} 已脱敏$/);

describe.runIf(browserTestsRun())('the console in a browser', () => {
  let hub: RunningHub;
  let browser: Browser;
  const visits: Visit[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    hub = await startHub();
  });
  afterEach(async () => {
    await Promise.all(visits.splice(0).map((v) => v.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.close();
  });

  const open = async (path = '/console', options: VisitOptions = {}, at: RunningHub = hub): Promise<Visit> => {
    const opened = await visit(browser, at, path, options);
    visits.push(opened);
    return opened;
  };

  test('shows one ticket through four callers’ eyes', async () => {
    const { page, complaints, elsewhere } = await open();
    await answered(page);
    expect(await page.locator('thead .caller-name').allTextContents()).toEqual([
      '公安系统',
      '网格员',
      '住建经办人',
      '审计员',
    ]);
    expect(await page.locator('tbody h2').allTextContents()).toEqual([
      '工单',
      '警情',
      '网格',
      '市场主体',
      '房屋',
      '关联工单',
      '流转',
      '轨迹',
    ]);
    expect(await row(page, 'ticket.reporterPhone')).toEqual([
      '138****0517 已脱敏',
      '138****0517 已脱敏',
      '13800590517 已提供',
      '不予提供',
    ]);
    expect(await row(page, 'ticket.reporterName')).toEqual(['林** 已脱敏', '林** 已脱敏', '林晓晨 已提供', pseudonym]);
    expect(await row(page, 'ticket.closedAt')).toEqual(callers.map(() => '确无内容'));
    expect(await row(page, 'ticket.receivedAt')).toEqual(callers.map(() => '2026-11-05 10:12:30 已提供'));
    const byCaller = `police.policeIncidents.${showcase.incidents.byCaller}`;
    expect(await row(page, `${byCaller}.matchedBy`)).toEqual([
      '来电号码（密钥摘要） 已提供',
      '未列出',
      '未列出',
      '未列出',
    ]);
    expect(await row(page, `${byCaller}.confidence`)).toEqual(['80% 已提供', '未列出', '未列出', '未列出']);
    expect(await row(page, `grid.grid.grid.workers.${showcase.workerNo}.phone`)).toEqual([
      mobile,
      mobile,
      mobile,
      '不予提供',
    ]);
    expect(await row(page, `houses.houses.${showcase.houseCode}.house.maintenanceFund.balance`)).toEqual([
      '不予提供',
      '不予提供',
      '¥18,234.05 已提供',
      '不予提供',
    ]);
    expect(await page.locator('[data-section=handoffs] [data-row]').count()).toBe(9);
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
  });

  test('shows the way of a ticket: working time, late signing, pairs, and findings with their grounds', async () => {
    const { page, complaints } = await open();
    await answered(page);
    await searchFor(page, showcase.confidentialTicketNo);
    const finding = (kind: string): Promise<string> =>
      page.locator(`[data-row^="trace.trace.findings.${kind} "] td[data-caller=audit] dl`).innerText();
    await expect.poll(() => finding('LATE_SIGNED'), patience).toMatch(/问题类型\s+逾期签收/);
    const evidence = await finding('CLOSED_WITHOUT_EVIDENCE');
    expect(evidence).toMatch(/问题类型\s+无佐证办结/);
    expect(evidence).toMatch(/涉及单位\s+住建/);
    expect(evidence).toMatch(/依据流转\s+\S+/);
    expect(evidence).toMatch(/可信度\s+100%/);
    const late = page.locator('[data-row^="trace.trace.hops."]').filter({ hasText: /是否逾期签收\s*是/ });
    expect(await late.count()).toBe(1);
    expect(await late.locator('td[data-caller=audit]').innerText()).toMatch(/停留工作时长\s+.*(?:小时|分钟)/);

    await searchFor(page, pingPongTicket(hub));
    const pair = page.locator('[data-row^="trace.trace.pingPongs."] td[data-caller=audit] dl').first();
    await expect.poll(() => pair.innerText(), patience).toMatch(/往返次数\s+\d/);
    await page.locator('.language').click();
    expect(await pair.innerText()).toMatch(/Times\s+\d/);
    expect(complaints).toEqual([]);
  });

  test('shows the tickets that belong to this one, each as its caller may see it, and leads to them', async () => {
    const related = await startHub();
    try {
      const ticketNo = await bringNeighbour(related);
      const { page, complaints, elsewhere } = await open('/console', {}, related);
      await answered(page);
      const field = (name: string): Promise<string[]> => row(page, `related.relatedTickets.${ticketNo}.${name}`);
      // The police take no part in it; that somebody complained before is not for grid workers.
      const asTold = (housing: string, audit = housing): string[] => ['确无内容', '不予提供', housing, audit];
      expect(await field('kind')).toEqual(asTold('重复工单 已提供'));
      expect(await field('grounds')).toEqual(asTold('同一诉求人、同一地点、同一事项、时间相近 已提供'));
      expect(await field('confidence')).toEqual(asTold('90% 已提供'));
      expect(await field('ticket.ticketNo')).toEqual(asTold(`${ticketNo} 已提供`));
      expect(await field('ticket.title')).toEqual(asTold('电梯又停了 已脱敏'));
      await page.locator('.language').click();
      expect(await page.locator('[data-section=related] h2').textContent()).toBe('Related tickets');
      expect((await field('grounds'))[3]).toBe('Same person, Same place, Same matter, Near in time Provided');
      // By the keyboard alone.
      await page.locator('[data-section=related] td[data-caller=audit] a.ticket-link').focus();
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('getComputedStyle(document.activeElement).outline')).toContain('solid 3px');
      await page.keyboard.press('Enter');
      await expect
        .poll(() => row(page, 'ticket.ticketNo'), patience)
        .toEqual(['', ...callers.slice(1).map(() => `${ticketNo} Provided`)]);
      expect(new URL(page.url()).search).toBe(`?ticket=${encodeURIComponent(ticketNo)}`);
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      // And back.
      expect((await row(page, `related.relatedTickets.${showcase.ticketNo}.ticket.ticketNo`)).slice(2)).toEqual(
        callers.slice(2).map(() => `${showcase.ticketNo} Provided`),
      );
      expect(complaints).toEqual([]);
      expect(elsewhere).toEqual([]);
    } finally {
      await related.close();
    }
  });

  test('is operated by keyboard, and speaks English when asked', async () => {
    const { page, complaints } = await open();
    await answered(page);
    await tabTo(page, '.language');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outline')).toContain('solid 3px');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('One ticket, four views');
    expect(await page.evaluate('[document.documentElement.lang, document.title]')).toEqual([
      'en',
      'Lianqiao · One ticket, four views',
    ]);
    expect(await row(page, 'ticket.reporterPhone')).toEqual([
      '138****0517 Masked',
      '138****0517 Masked',
      '13800590517 Provided',
      'Denied',
    ]);
    await page.reload();
    await answered(page);
    expect(await page.locator('.language').textContent()).toBe('中文');
    expect(complaints).toEqual([]);
  });

  test('has landmarks, scoped headers and a live region', async () => {
    const { page } = await open();
    await answered(page);
    const count = (role: Parameters<Page['getByRole']>[0]): Promise<number> => page.getByRole(role).count();
    expect(await Promise.all([count('banner'), count('main'), count('search'), count('table')])).toEqual([1, 1, 1, 1]);
    expect(await page.locator('th:not([scope])').count()).toBe(0);
    expect(await page.locator('[aria-live=polite]').textContent()).toBe('查询完成 4 / 4');
  });

  test('keeps the rows that differ, and names the grants', async () => {
    const { page } = await open();
    await answered(page);
    await page.getByLabel('只看有差异的字段').check();
    expect(await page.locator('[data-row="ticket.type"]').count()).toBe(0);
    await page.getByLabel('显示授权依据').check();
    expect(await row(page, 'ticket.reporterPhone')).toEqual([
      '138****0517 已脱敏 依据 hotline/reporter-to-departments',
      '138****0517 已脱敏 依据 hotline/cases-to-grid-workers',
      '13800590517 已提供 依据 hotline/reporter-to-lead',
      '不予提供',
    ]);
  });

  test('shows one caller at a time on a phone, by tabs', async () => {
    const { page } = await open('/console', { viewport: { width: 390, height: 844 } });
    await page.locator('.caller-counts').waitFor();
    expect(await page.getByRole('tab').allTextContents()).toEqual(['公安系统', '网格员', '住建经办人', '审计员']);
    expect(await row(page, 'ticket.reporterPhone')).toEqual(['138****0517 已脱敏']);
    await page.getByRole('tab', { name: '公安系统' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect.poll(() => row(page, 'ticket.reporterPhone'), patience).toEqual(['13800590517 已提供']);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  });

  test('looks another ticket up, and says in plain words who gets none', async () => {
    const { page } = await open();
    await answered(page);
    await searchFor(page, showcase.reportTicketNo);
    await expect
      .poll(() => problems(page), patience)
      .toEqual({
        police: expect.stringContaining('没有这张工单，或者它不对这位使用者开放'),
        // That it lies in her grid would be told by showing it there.
        grid: expect.stringContaining('没有这张工单，或者它不对这位使用者开放'),
        housing: expect.stringContaining('没有这张工单，或者它不对这位使用者开放'),
      });
    expect(await row(page, 'ticket.ticketNo')).toEqual(['', '', '', `${showcase.reportTicketNo} 已提供`]);
    expect(await row(page, 'ticket.content')).toEqual(['', '', '', '不予提供']);
    expect(new URL(page.url()).search).toBe(`?ticket=${encodeURIComponent(showcase.reportTicketNo)}`);
    await searchFor(page, '12345:1');
    await expect.poll(async () => Object.keys(await problems(page)), patience).toEqual(callers);
  });

  test('says that the hub cannot be reached', async () => {
    const { page } = await open('/console', { before: (p) => p.route('**/graphql', (r) => r.abort()) });
    const unreachable = '无法连接联桥。请检查网络，或确认服务正在运行。 NETWORK';
    await expect
      .poll(() => problems(page), patience)
      .toEqual(Object.fromEntries(callers.map((caller) => [caller, unreachable])));
  });

  test('tells a source that is down from a field that is denied or empty', async () => {
    const broken = await startHub();
    try {
      const police = new Database(join(broken.dataDir, 'police.db'));
      for (const table of police
        .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
        .all())
        police.exec(`DROP TABLE "${table.name}"`);
      police.close();
      const { page } = await open('/console', {}, broken);
      await answered(page);
      expect(await row(page, 'police.policeIncidents')).toEqual(callers.map(() => '来源不可用'));
      expect(await row(page, 'ticket.status')).toEqual(callers.map(() => '办理中 已提供'));
    } finally {
      await broken.close();
    }
  });

  test('asks only for what the hub’s catalogue has', async () => {
    const catalogue = ['ticketNo', 'status', 'grid'].map((field) => ({ field }));
    const { page } = await open('/console', {
      before: (p) =>
        p.route('**/graphql', (route) =>
          route.request().postData()?.includes('TicketFields') === true
            ? route.fulfill({ json: { data: { catalogue } } })
            : route.fallback(),
        ),
    });
    await answered(page);
    expect(await page.locator('tbody h2').allTextContents()).toEqual(['工单', '网格']);
    expect(await page.locator('[data-section=ticket] th[scope=row]').allTextContents()).toEqual([
      '工单编号',
      '工单状态',
    ]);
  });

  describe('where the hub runs no demo', () => {
    const noDemo = (page: Page): Promise<unknown> =>
      page.route('**/console/demo-callers.json', (route) => route.fulfill({ status: 404, body: '{}' }));

    const addView = async (page: Page, token: string, name: string): Promise<void> => {
      await page.getByLabel('令牌', { exact: true }).fill(token);
      await page.getByLabel('名称').fill(name);
      await page.getByRole('button', { name: '添加' }).click();
    };

    test('takes a token and a purpose', async () => {
      const { page } = await open('/console', { before: noDemo });
      const claims: DemoClaims = {
        agency: 'housing',
        role: 'HANDLER',
        unit: showcase.leadUnit,
        purposes: ['HANDLING'],
      };
      await addView(page, await hub.token(claims), '住建');
      await addView(page, 'not-a-token', '来历不明');
      await addView(page, await hub.token({ ...claims, purposes: ['FOLLOW_UP'] }), '回访');
      await searchFor(page, showcase.ticketNo);
      await page.locator('.caller-counts').waitFor();
      await expect
        .poll(async () => Object.values(await problems(page)), patience)
        .toEqual([expect.stringContaining('身份令牌无效或已过期'), expect.stringContaining('令牌不含所选的使用目的')]);
      expect(await row(page, 'ticket.reporterPhone')).toEqual(['13800590517 已提供', '', '']);
      expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toContain('eyJ');
    });
  });
});

/** Brings another ticket of the showcase's reporter, place and matter, two days before. Its number. */
async function bringNeighbour(hub: RunningHub): Promise<string> {
  const place = { kind: 'sqlite', file: join(hub.dataDir, 'hotline.db') } as const;
  const db = new Database(place.file, { readonly: true });
  const path = db
    .prepare<[string], string>('SELECT category_path FROM ticket WHERE ticket_no = ?')
    .pluck()
    .get(showcase.ticketNo);
  db.close();
  await putTickets(place, [
    {
      sourceSystem: '12345',
      sourceNo: '2026110300099999',
      status: 'IN_PROGRESS',
      type: 'COMPLAINT',
      title: '电梯又停了',
      receivedAt: '2026-11-03T10:12:30+08:00',
      divisionCode: `${showcase.areaCode}001003`,
      gridCode: showcase.gridCode,
      houseCode: showcase.houseCode,
      categoryPath: JSON.parse(String(path)) as string[],
      reporterPhone: showcase.reporterPhone,
      leadAgency: 'housing',
      leadUnit: showcase.leadUnit,
      confidential: false,
    },
  ]);
  return '12345:2026110300099999';
}

/** A ticket of the auditor's area that two agencies had in turn. */
function pingPongTicket(hub: RunningHub): string {
  const db = new Database(join(hub.dataDir, 'hotline.db'), { readonly: true });
  try {
    const found = db
      .prepare<[string], { ticket_no: string }>(
        "SELECT ticket_no FROM handoff_finding WHERE kind = 'PING_PONG' AND division_code LIKE ? ORDER BY ticket_no LIMIT 1",
      )
      .get(`${showcase.areaCode}%`);
    if (found === undefined) throw new Error('the city has no ping-pong in the auditor’s area');
    return found.ticket_no;
  } finally {
    db.close();
  }
}

/** Waits for all four columns. */
async function answered(page: Page): Promise<void> {
  await page.locator('.caller-counts').nth(3).waitFor();
  await page.locator('main[aria-busy=false]').waitFor();
}

/** As much of the browser's elements as the tests read: Node's types know none. */
interface Element {
  readonly textContent: string | null;
  querySelectorAll(selector: string): Iterable<Element>;
}

/** What each caller's cell says, its parts set apart by a space. */
function row(page: Page, id: string): Promise<string[]> {
  const cells = page.locator(`[data-row="${id}"] > td`);
  return cells.evaluateAll((all: readonly Element[]) =>
    all.map((cell) => [...cell.querySelectorAll('.cell > *, .unlisted')].map((part) => part.textContent).join(' ')),
  );
}

async function problems(page: Page): Promise<Readonly<Record<string, string>>> {
  const heads = await page.locator('thead th[data-caller]:has([role=alert])').all();
  const told = heads.map(async (head) => [
    (await head.getAttribute('data-caller')) ?? '',
    (await head.getByRole('alert').textContent()) ?? '',
  ]);
  return Object.fromEntries(await Promise.all(told)) as Record<string, string>;
}

async function searchFor(page: Page, ticketNo: string): Promise<void> {
  await page.getByLabel('工单编号').fill(ticketNo);
  await page.keyboard.press('Enter');
}

/** Goes on with Tab, as somebody without a mouse does. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 10; presses++) {
    await page.keyboard.press('Tab');
    if ((await page.locator(`${selector}:focus`).count()) === 1) return;
  }
  throw new Error(`${selector} is not reached with the Tab key`);
}

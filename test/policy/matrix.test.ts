import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { chromium } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { matrixCsv, matrixHtml, policyMatrix, type PolicyMatrix } from '../../src/policy/matrix.ts';
import { printMatrix } from '../../src/policy/print.ts';
import { browserTestsRun } from '../console/browser.ts';
import { fire, small, water, waterPolicy } from './small-policy.ts';

const checked = small(
  waterPolicy([
    'id: own, to: [own], purposes: [HANDLING], law: 供水条例, plain: [everything]',
    'id: some, to: [others], purposes: [HANDLING], law: 供水条例, when: [{ recordIs: { field: state, is: ["<b>A&B</b>", "a,b"] } }], plain: [Account.state]',
    'id: others, to: [others], purposes: [HANDLING], law: 供水条例, plain: [Account.no], mask: { name: [Account.name] }',
  ]),
);
const audit = { agency: 'audit', role: 'AUDITOR', purpose: 'AUDIT' } as const;
const steward = { agency: 'water', role: 'STEWARD', purpose: 'AUDIT' } as const;
const table = policyMatrix(checked, [water, fire, audit, steward]);
const conditional = 'plain if recordIs({"field":"state","is":["<b>A&B</b>","a,b"]})';

/** Nothing but text, with all that HTML, CSV and a terminal could trip over. */
const rough: PolicyMatrix = {
  columns: [{ classes: ['<script> HANDLER "&"', 'b SYSTEM AUDIT'] }],
  rows: [{ owner: 'water', subject: 'Account.name', verdicts: ['mask name if x, "y"\nor <z>'] }],
};

describe('policyMatrix', () => {
  test('has each field and each type’s records down, each kind of caller across', () => {
    expect(table).toEqual({
      columns: [
        { classes: ['water HANDLER HANDLING'] },
        { classes: ['fire HANDLER HANDLING'] },
        { classes: ['audit AUDITOR AUDIT', 'water STEWARD AUDIT'] },
      ],
      rows: [
        { owner: 'water', subject: 'Account (records)', verdicts: ['all', 'all', 'none'] },
        { owner: 'water', subject: 'Account.no', verdicts: ['plain', 'plain', 'deny'] },
        { owner: 'water', subject: 'Account.state', verdicts: ['plain', conditional, 'deny'] },
        { owner: 'water', subject: 'Account.name', verdicts: ['plain', 'mask name', 'deny'] },
        { owner: 'water', subject: 'Account.bank', verdicts: ['never', 'never', 'never'] },
        { owner: 'water', subject: 'Account.since', verdicts: ['never', 'never', 'never'] },
        { owner: 'water', subject: 'Account.divisionCode', verdicts: ['never', 'never', 'never'] },
        { owner: 'water', subject: 'Account.gridCode', verdicts: ['never', 'never', 'never'] },
        { owner: 'water', subject: 'Account.meter', verdicts: ['plain', 'deny', 'deny'] },
        { owner: 'fire', subject: 'Account.inspectedOn', verdicts: ['plain', 'plain', 'deny'] },
        { owner: 'water', subject: 'Meter.reading', verdicts: ['plain', 'deny', 'deny'] },
      ],
    });
  });

  test('has a row for each right that somebody has', () => {
    const withRights = small(
      waterPolicy([
        'id: one, to: [others], purposes: [HANDLING], law: 供水条例, when: [{ recordIs: { field: state, is: [ON] } }], match: [Account.name]',
      ]),
    );
    const { rows } = policyMatrix(withRights, [water, fire]);
    expect(rows.filter((r) => /\((match|count)\)$/.test(r.subject))).toEqual([
      {
        owner: 'water',
        subject: 'Account.name (match)',
        verdicts: ['none', 'recordIs({"field":"state","is":["ON"]})'],
      },
    ]);
  });

  test('of one owner has its records and fields only', () => {
    const of = (owner: string): string[] => policyMatrix(checked, [fire], owner).rows.map((r) => r.subject);
    expect(of('fire')).toEqual(['Account.inspectedOn']);
    expect(of('water')).toEqual(
      table.rows.map((r) => r.subject).filter((subject) => subject !== 'Account.inspectedOn'),
    );
  });
});

describe('the matrix', () => {
  test('as text: numbered callers, then a line a field', () => {
    expect(printMatrix(policyMatrix(checked, [water, fire], 'fire'))).toBe(
      ['[1] water,fire HANDLER HANDLING', '', 'Account.inspectedOn  [1] plain', ''].join('\n'),
    );
    expect(printMatrix(table).split('\n').slice(0, 6)).toEqual([
      '[1] water HANDLER HANDLING',
      '[2] fire HANDLER HANDLING',
      '[3] audit AUDITOR AUDIT; water STEWARD AUDIT',
      '',
      'Account (records)     [1] all  [2] all  [3] none',
      'Account.no            [1] plain  [2] plain  [3] deny',
    ]);
  });

  test('as CSV: every cell comes back as it was', () => {
    for (const matrix of [table, rough]) {
      expect(parse(matrixCsv(matrix))).toEqual([
        ['owner', 'subject', ...matrix.columns.map((c) => c.classes.join('; '))],
        ...matrix.rows.map((r) => [r.owner, r.subject, ...r.verdicts]),
      ]);
    }
    expect(matrixCsv(policyMatrix(checked, [water, fire], 'fire'))).toBe(
      'owner,subject,"water,fire HANDLER HANDLING"\nfire,Account.inspectedOn,plain\n',
    );
  });

  test('as HTML: no text becomes a tag', () => {
    const html = matrixHtml(rough, '"><i>');
    expect(html.match(/<(?!\/)\w+/g)).toEqual(
      '<html <head <meta <title <style <body <h1 <p <h2 <dl <dt <dd <br <table <thead <tr <th <th <th <tbody <tr <td <th <td'.split(
        ' ',
      ),
    );
    expect(html).toContain('<dd>&lt;script&gt; HANDLER &quot;&amp;&quot;<br>b SYSTEM AUDIT</dd>');
    expect(html).toContain('<title>共享策略矩阵 &quot;&gt;&lt;i&gt;</title>');
  });

  test('as HTML: colours by verdict', () => {
    const classOf = (verdict: string): string | undefined =>
      /<td class="(\w+)">/.exec(
        matrixHtml({ columns: [], rows: [{ owner: '', subject: '', verdicts: [verdict] }] }, ''),
      )?.[1];
    expect(
      ['plain', 'all', 'mask name', 'deny', 'never', 'none', 'plain if a', 'mask name if a', '[a] plain', 'a | b'].map(
        classOf,
      ),
    ).toEqual(['plain', 'plain', 'mask', 'deny', 'deny', 'deny', 'depends', 'depends', 'depends', 'depends']);
  });
});

describe.runIf(browserTestsRun())('the page in a browser', () => {
  test('shows the table, in any language, and loads nothing else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lianqiao-matrix-'));
    const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      const file = join(folder, 'matrix.html');
      writeFileSync(file, matrixHtml(table, '0123456789abcdef'));
      const page = await browser.newPage();
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(`file://${file}`);
      expect(requests).toEqual([`file://${file}`]);
      expect(await page.title()).toBe('共享策略矩阵 0123456789abcdef');
      const cells = (selector: string): Promise<string[]> => page.locator(selector).allTextContents();
      expect(await cells('thead th')).toEqual(['提供单位 owner', '字段 field', '[1]', '[2]', '[3]']);
      expect(await cells('dd')).toEqual([
        'water HANDLER HANDLING',
        'fire HANDLER HANDLING',
        'audit AUDITOR AUDITwater STEWARD AUDIT',
      ]);
      expect(await cells('tbody tr:nth-child(3) > *')).toEqual([
        'water',
        'Account.state',
        'plain',
        conditional,
        'deny',
      ]);
      expect(await page.locator('tbody tr').count()).toBe(table.rows.length);
      await page.screenshot({ path: join(folder, 'matrix.png') });
      expect(existsSync(join(folder, 'matrix.png')) && readFileSync(join(folder, 'matrix.png')).length).toBeGreaterThan(
        1_000,
      );
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true });
    }
  });
});

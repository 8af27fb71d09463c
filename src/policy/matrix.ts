import { stringify } from 'csv-stringify/sync';
import { rights, type AccessClass } from '../access/policy.ts';
import type { CheckedPolicy } from './check.ts';
import { classGroups } from './class-groups.ts';
import { printClass } from './classes.ts';
import { ownersOf } from './owners.ts';
import { inOneGo, type Steps } from './turns.ts';
import { rightText, rowsText, verdictText } from './verdict.ts';

/** Fields down, classes across; classes that are alike in every row share a column. */
export interface PolicyMatrix {
  readonly columns: readonly { readonly classes: readonly string[] }[];
  readonly rows: readonly { readonly owner: string; readonly subject: string; readonly verdicts: readonly string[] }[];
}

type TabledPolicy = Pick<CheckedPolicy, 'policy' | 'facts' | 'entities'>;

interface Subject {
  readonly owner: string;
  readonly subject: string;
  readonly verdict: (of: AccessClass) => string;
}

/** The policy as a table: for each type which records, for each field which verdict. `NONE` fields are `never`. */
export function policyMatrix(checked: TabledPolicy, classes: readonly AccessClass[], owner?: string): PolicyMatrix {
  return inOneGo(matrixSteps(checked, classes, owner));
}

/** The same, class by class. */
export function* matrixSteps(
  { policy, facts, entities }: TabledPolicy,
  classes: readonly AccessClass[],
  owner?: string,
): Steps<PolicyMatrix> {
  const fields = [...facts.fields.values()].filter((f) => !f.hidden);
  const subjects = [...new Set(fields.map((f) => f.type))]
    .flatMap((type): Subject[] => [
      // A part of a record has no rows of its own: it comes with the record.
      ...(entities.has(type)
        ? [
            {
              owner: [...ownersOf(type, facts)].join(', '),
              subject: `${type} (records)`,
              verdict: (of: AccessClass) => rowsText(type, of, policy),
            },
          ]
        : []),
      ...fields
        .filter((f) => f.type === type)
        .flatMap((f): Subject[] => [
          {
            owner: f.owner,
            subject: f.coordinate,
            verdict: (of) => (f.category === 'NONE' ? 'never' : verdictText(f, of, policy)),
          },
          // A right that none of them has would only fill the table.
          ...rights
            .filter((right) => classes.some((of) => policy.rightsFor(right, f.coordinate, of).length > 0))
            .map((right) => ({
              owner: f.owner,
              subject: `${f.coordinate} (${right})`,
              verdict: (of: AccessClass) => rightText(right, f.coordinate, of, policy),
            })),
        ]),
    ])
    .filter((s) => owner === undefined || s.owner === owner);
  const columns = new Map<string, { classes: string[]; verdicts: string[] }>();
  for (const of of classes) {
    const verdicts = subjects.map((s) => s.verdict(of));
    const key = JSON.stringify(verdicts);
    const found = columns.get(key);
    if (found === undefined) columns.set(key, { classes: [printClass(of)], verdicts });
    else found.classes.push(printClass(of));
    yield;
  }
  const list = [...columns.values()];
  return {
    columns: list.map((c) => ({ classes: c.classes })),
    rows: subjects.map((s, i) => ({
      owner: s.owner,
      subject: s.subject,
      verdicts: list.map((c) => c.verdicts[i] ?? ''),
    })),
  };
}

/** As CSV (RFC 4180), the groups of classes of each column in its heading. */
export function matrixCsv({ columns, rows }: PolicyMatrix): string {
  return stringify([
    ['owner', 'subject', ...columns.map((c) => classGroups(c.classes).join('; '))],
    ...rows.map((r) => [r.owner, r.subject, ...r.verdicts]),
  ]);
}

/** As a page of its own: no script, no other file. */
export function matrixHtml({ columns, rows }: PolicyMatrix, version: string): string {
  const cell = (tag: 'td' | 'th', text: string, more = ''): string => `<${tag}${more}>${escape(text)}</${tag}>`;
  const head =
    ['提供单位 owner', '字段 field'].map((t) => cell('th', t, ' scope="col"')).join('') +
    columns.map((_, i) => cell('th', `[${i + 1}]`, ' scope="col"')).join('');
  // The callers stand above the table: as headings they would fill the screen.
  const legend = columns
    .map((c, i) => `<dt>[${i + 1}]</dt><dd>${classGroups(c.classes).map(escape).join('<br>')}</dd>`)
    .join('\n');
  const body = rows
    .map(
      (r) =>
        `<tr>${cell('td', r.owner)}${cell('th', r.subject, ' scope="row"')}${r.verdicts.map((v) => cell('td', v, ` class="${tone(v)}"`)).join('')}</tr>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>共享策略矩阵 ${escape(version)}</title>
<style>body{font:14px/1.5 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:16px}table{border-collapse:separate;border-spacing:0}
th,td{border:solid #ccc;border-width:0 1px 1px 0;padding:2px 6px;text-align:left;vertical-align:top;min-width:4em;max-width:22em}
thead th{position:sticky;top:0;background:#f4f4f4;z-index:2}tbody th{position:sticky;left:0;background:#fff;z-index:1}
th:first-child,td:first-child{border-left-width:1px}dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 8px}dd{margin:0}
.deny{color:#767676}.mask{background:#fff5d6}.plain{background:#e5f5e5}.depends{background:#e6f0fb}</style></head>
<body><h1>共享策略矩阵 Policy matrix</h1><p>策略版本 policy version ${escape(version)}</p>
<h2>调用方 Callers</h2><dl>
${legend}
</dl>
<table><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></body></html>
`;
}

function tone(verdict: string): string {
  if (verdict.includes(' if ') || verdict.startsWith('[')) return 'depends';
  if (verdict.startsWith('mask')) return 'mask';
  return verdict === 'plain' || verdict === 'all'
    ? 'plain'
    : verdict === 'deny' || verdict === 'never' || verdict === 'none'
      ? 'deny'
      : 'depends';
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

import type { Explanation } from '../hub/explain.ts';
import { classGroups } from './class-groups.ts';
import type { PolicyChange } from './diff.ts';
import type { PolicyFinding } from './finding.ts';
import type { PolicyMatrix } from './matrix.ts';

/** The first groups of classes, and how many groups there are more. */
function few(classes: readonly string[]): string {
  const groups = classGroups(classes);
  return groups.length <= 3
    ? groups.join('; ')
    : `${groups.slice(0, 3).join('; ')}; and ${groups.length - 3} more, see --json`;
}

export function printFindings(findings: readonly PolicyFinding[], version: string): string {
  const lines = findings.map(
    (f) =>
      `${f.file}${f.line === null ? '' : `:${f.line}`}: ${f.kind} ${f.message}${f.classes.length === 0 ? '' : ` [${few(f.classes)}]`}`,
  );
  const kinds = [...new Set(findings.map((f) => f.kind))].map(
    (k) => `${findings.filter((f) => f.kind === k).length} ${k}`,
  );
  return `${[...lines, `policy ${version}: ${findings.length === 0 ? 'nothing found' : kinds.join(', ')}`].join('\n')}\n`;
}

export function printDiff(
  changes: readonly PolicyChange[],
  versions: { readonly before: string; readonly after: string },
  markdown: boolean,
): string {
  const count = changes.length === 0 ? 'no change' : changes.length === 1 ? '1 change' : `${changes.length} changes`;
  if (markdown) {
    const title = `Policy \`${versions.before}\` → \`${versions.after}\``;
    if (changes.length === 0) return `${title}: ${count}\n`;
    const cell = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '\\|');
    const rows = changes.map(
      (c) =>
        `| ${c.kind} | \`${c.subject}\` | ${cell(c.before)} | ${cell(c.after)} | ${classGroups(c.classes).map(cell).join('<br>')} |`,
    );
    return [title, '', '| change | subject | before | after | callers |', '|---|---|---|---|---|', ...rows, ''].join(
      '\n',
    );
  }
  const lines = changes.map(
    (c) =>
      `${c.kind.padEnd(9)} ${c.subject}: ${c.before} → ${c.after}\n${classGroups(c.classes)
        .map((g) => `          ${g}`)
        .join('\n')}`,
  );
  return `${[`policy ${versions.before} → ${versions.after}: ${count}`, ...lines].join('\n')}\n`;
}

export function printExplanation(explanation: Explanation): string {
  const fields = explanation.fields.map((f) => {
    const mask = f.mask === null ? '' : ` ${f.mask}`;
    const conditions = f.conditions === null || f.conditions.length === 0 ? '' : ` if ${f.conditions.join(' & ')}`;
    return `${f.pathPattern}  ${f.coordinate}  ${f.verdict}${mask}${conditions}${f.rules.length === 0 ? `  (ask ${f.agency})` : `  (${f.rules.join(', ')})`}`;
  });
  const behind = explanation.behind.map((b) => `  ${b.coordinate}: ${b.reasons.join('; ')}`);
  const { agency, role, purpose, policyVersion } = explanation;
  return `${[`${agency} ${role} ${purpose ?? '-'}, policy ${policyVersion}`, ...fields, 'behind the gate:', ...behind].join('\n')}\n`;
}

export function printMatrix({ columns, rows }: PolicyMatrix): string {
  const legend = columns.map((c, i) => `[${i + 1}] ${classGroups(c.classes).join('; ')}`);
  const width = Math.max(0, ...rows.map((r) => r.subject.length)) + 2;
  const lines = rows.map((r) => `${r.subject.padEnd(width)}${r.verdicts.map((v, i) => `[${i + 1}] ${v}`).join('  ')}`);
  return `${[...legend, '', ...lines].join('\n')}\n`;
}

import type { ExplainedField, Explanation } from '../hub/explain.ts';
import { classGroups } from './class-groups.ts';
import type { PolicyChange } from './diff.ts';
import type { EmergencyGrant } from './emergency.ts';
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

/** A text for a cell of a Markdown table. */
function cell(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '\\|');
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
    const rows = changes.map(
      (c) =>
        `| ${c.kind} | \`${c.subject}\` | ${cell(c.before)} | ${cell(c.after)} | ${concerned(c).map(cell).join('<br>')} |`,
    );
    return [title, '', '| change | subject | before | after | callers |', '|---|---|---|---|---|', ...rows, ''].join(
      '\n',
    );
  }
  const lines = changes.map(
    (c) =>
      `${c.kind.padEnd(9)} ${c.subject}: ${c.before} → ${c.after}\n${concerned(c)
        .map((g) => `          ${g}`)
        .join('\n')}`,
  );
  return `${[`policy ${versions.before} → ${versions.after}: ${count}`, ...lines].join('\n')}\n`;
}

/** Whom a change concerns. */
function concerned({ classes }: PolicyChange): string[] {
  return classes.length === 0 ? ['behind the gate'] : classGroups(classes);
}

export function printExplanation(explanation: Explanation): string {
  const fields = explanation.fields.map((f) => {
    const mask = f.mask === null ? '' : ` ${f.mask}`;
    const conditions = f.conditions === null || f.conditions.length === 0 ? '' : ` if ${f.conditions.join(' & ')}`;
    const whom =
      f.rules.length > 0
        ? f.rules.join(', ')
        : `ask ${f.agency}${f.purposes === null ? '' : `; given for ${f.purposes.join(', ')}`}`;
    const head = `${f.pathPattern}  ${f.coordinate}  ${f.verdict}${mask}${conditions}  (${whom})`;
    return [head, ...printLines(f)].join('\n');
  });
  const behind = explanation.behind.map((b) => `  ${b.coordinate}: ${b.reasons.join('; ')}`);
  const { agency, role, purpose, policyVersion } = explanation;
  return `${[`${agency} ${role} ${purpose ?? '-'}, policy ${policyVersion}`, ...fields, 'behind the gate:', ...behind].join('\n')}\n`;
}

function printLines({ guards, lines }: ExplainedField): string[] {
  return [
    ...(guards ?? []).map((guard) => `  above every line: ${guard}`),
    ...(lines ?? []).map(
      ({ file, line, rule, outcome, when, law, closes }) =>
        `  ${file}${line === null ? '' : `:${line}`}: ${rule}: ${outcome}${when === 'always' ? '' : ` if ${when}`} (${law})${closes ? ', closes' : ''}`,
    ),
  ];
}

export function printEmergency(grants: readonly EmergencyGrant[], version: string, markdown: boolean): string {
  const count = grants.length === 1 ? '1 line opens' : `${grants.length} lines open`;
  if (markdown) {
    const rows = grants.map(
      (g) =>
        `| \`${g.rule}\` | ${cell(g.law ?? '')} | ${g.gives} | ${cell(g.when)} | ${g.subjects.map((s) => `\`${s}\``).join('<br>')} | ${classGroups(g.classes).map(cell).join('<br>')} | ${g.file}${g.line === null ? '' : `:${g.line}`} |`,
    );
    const title = `Policy \`${version}\`: ${count} more in an emergency`;
    const head = ['| rule | law | gives | when | subjects | callers | place |', '|---|---|---|---|---|---|---|'];
    return `${[title, ...(grants.length === 0 ? [] : ['', ...head, ...rows])].join('\n')}\n`;
  }
  const lines = grants.map((g) =>
    [
      `${g.file}${g.line === null ? '' : `:${g.line}`}: ${g.rule}${g.law === null ? '' : ` (${g.law})`}`,
      `  ${g.gives}${g.when === 'always' ? '' : ` if ${g.when}`}`,
      ...g.subjects.map((s) => `    ${s}`),
      ...classGroups(g.classes).map((c) => `  ${c}`),
    ].join('\n'),
  );
  return `${[...lines, `policy ${version}: ${count} more in an emergency`].join('\n')}\n`;
}

export function printMatrix({ columns, rows }: PolicyMatrix): string {
  const legend = columns.map((c, i) => `[${i + 1}] ${classGroups(c.classes).join('; ')}`);
  const width = Math.max(0, ...rows.map((r) => r.subject.length)) + 2;
  const lines = rows.map((r) => `${r.subject.padEnd(width)}${r.verdicts.map((v, i) => `[${i + 1}] ${v}`).join('  ')}`);
  return `${[...legend, '', ...lines].join('\n')}\n`;
}

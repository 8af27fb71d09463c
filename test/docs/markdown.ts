import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/schema/project-root.ts';

/** Each page in both languages: what holds for one must hold for the other. */
export const languages = ['', '.zh-CN'] as const;

/** The text of `docs/NAME.md`. */
export function page(name: string): string {
  return readFileSync(join(projectRoot, 'docs', `${name}.md`), 'utf8');
}

/** Fenced blocks by what stands after the language: ```` ```yaml connectors/fire/sharing.yaml ````. */
export function blocks(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, label = '', code = ''] of text.matchAll(/^```\w+ (\S.*)\n([\s\S]*?)^```$/gm)) {
    if (found.has(label)) throw new Error(`two blocks are called ${label}`);
    found.set(label, code);
  }
  return found;
}

/** The block of this name. Throws when there is none. */
export function block(text: string, label: string): string {
  const found = blocks(text).get(label);
  if (found === undefined) throw new Error(`there is no block called ${label}`);
  return found;
}

/** The rows of the first table after the comment `<!-- table: NAME -->`, each row its cells. Cells hold no bar. */
export function table(text: string, name: string): readonly (readonly string[])[] {
  const at = text.indexOf(`<!-- table: ${name} -->`);
  if (at < 0) throw new Error(`there is no table called ${name}`);
  const lines = text.slice(at).split('\n').slice(1);
  const start = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'));
  return lines.slice(start + 2, end < 0 ? undefined : end).map(cells);
}

/** The texts between backquotes. */
export function codes(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** The one text between backquotes. */
export function code(cell: string | undefined): string {
  const [only, ...more] = codes(cell ?? '');
  if (only === undefined || more.length > 0) throw new Error(`one code is expected in "${cell ?? ''}"`);
  return only;
}

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

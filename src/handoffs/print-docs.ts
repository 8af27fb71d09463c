import { readFileSync, writeFileSync } from 'node:fs';
import { actionRows, moveRows, ruleRows, stageRows, ticketDiagram } from './print-machine.ts';

/*
 * `npm run docs`: writes the state machine into the pages that it is given, in place of what stands there, so that the
 * pages say what the code does. The tests compare them.
 */

const tables: Readonly<Record<string, readonly (readonly string[])[]>> = {
  stages: stageRows(),
  moves: moveRows(),
  actions: actionRows(),
  rules: ruleRows(),
};

for (const file of process.argv.slice(2)) writeFileSync(file, printedInto(readFileSync(file, 'utf8')));

/** The page with its diagram and the rows of its tables made anew; the heads of the tables stay. */
function printedInto(page: string): string {
  const drawn = page.replace(
    /(^```mermaid ticket stages\n)[\s\S]*?(^```$)/m,
    (_all, open: string, close: string) => `${open}${ticketDiagram()}${close}`,
  );
  return Object.entries(tables).reduce((text, [name, rows]) => {
    const head = new RegExp(`(<!-- table: ${name} -->\\n\\n(?:\\|.*\\n){2})(?:\\|.*\\n)*`);
    if (!head.test(text)) throw new Error(`there is no table called ${name}`);
    return text.replace(head, (_all, kept: string) => kept + rows.map((row) => `| ${row.join(' | ')} |\n`).join(''));
  }, drawn);
}

import type { ArgumentValue, QueryModel, Selection, Switch } from './model.ts';

/** The query as GraphQL text. Cursors stand as variables `after0`, `after1`, … in the order of the roots. */
export function queryText(query: QueryModel): string {
  const fragments: string[] = [];
  const body = query.roots.map((root, i) => one(root, fragments, i)).join(' ');
  const after = query.roots.flatMap((r, i) => (r.args['after'] === undefined ? [] : [`$after${i}: String`]));
  const whole = `${body} ${fragments.join(' ')}`;
  const switches = ['yes', 'no'].filter((v) => whole.includes(`$${v})`)).map((v) => `$${v}: Boolean!`);
  const variables = [...after, ...switches];
  return `query Q${variables.length === 0 ? '' : `(${variables.join(', ')})`} { ${body} }${fragments.map((f) => `\n${f}`).join('')}`;
}

/** What is asked of one object outside a query, without fragments. */
export function selectionText(selection: Selection): string {
  return one(selection, [], 0);
}

function one(selection: Selection, fragments: string[], root: number): string {
  const sub = selection.sub.map((s) => one(s, fragments, root)).join(' ');
  if (selection.kind === 'fragment') {
    if (!selection.named) return `... on ${selection.on}${switched(selection.when)} { ${sub} }`;
    const name = `F${fragments.length}`;
    fragments.push(`fragment ${name} on ${selection.on} { ${sub} }`);
    return `...${name}${switched(selection.when)}`;
  }
  const { name, key, args, when } = selection;
  const given = Object.entries(args).map(([arg, value]) => `${arg}: ${argument(value, root)}`);
  return [
    key === name ? name : `${key}: ${name}`,
    given.length === 0 ? '' : `(${given.join(', ')})`,
    switched(when),
    sub === '' ? '' : ` { ${sub} }`,
  ].join('');
}

function argument(value: ArgumentValue, root: number): string {
  switch (value.kind) {
    case 'value':
      return JSON.stringify(value.value);
    case 'enum':
      return value.value;
    case 'object':
      return `{ ${Object.entries(value.fields)
        .map(([name, of]) => `${name}: ${argument(of, root)}`)
        .join(', ')} }`;
    case 'afterPlace':
      return `$after${root}`;
  }
}

function switched(when: Switch | null): string {
  return when === null ? '' : ` @${when.directive}(if: $${when.variable})`;
}

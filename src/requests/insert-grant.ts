import { isDeepStrictEqual } from 'node:util';
import { isMap, isNode, isSeq, parseDocument, type Document } from 'yaml';
import { parsePolicy } from '../access/policy-file.ts';
import { grantYaml, type GrantItem } from './grant.ts';

/**
 * The text of a `sharing.yaml` with the grant as number `index` of its grants. Every other line stays as it is, comments
 * and form included; where the list is not written a line each, the YAML library writes it anew.
 */
export function insertGrant(text: string, file: string, grant: GrantItem, index: number): string {
  const document = parseDocument(text);
  const wanted = parsePolicy(text, file).value.grants.toSpliced(index, 0, ...readBack(grant));
  const spliced = splice(text, document, grant, index);
  if (spliced !== null && isDeepStrictEqual(grantsOf(spliced, file), wanted)) return spliced;
  const grants = document.get('grants');
  if (isSeq(grants)) grants.items.splice(index, 0, document.createNode(grant, { aliasDuplicateObjects: false }));
  else document.set('grants', document.createNode([grant], { aliasDuplicateObjects: false }));
  return document.toString({ lineWidth: 120 });
}

/** The text with the grant between two lines, or null where the list has no lines of its own. */
function splice(text: string, document: Document, grant: GrantItem, index: number): string | null {
  const grants = document.get('grants');
  const first = isSeq(grants) && grants.flow !== true ? grants.items[0] : undefined;
  if (!isSeq(grants) || !isMap(first) || first.range == null) return null;
  const lines = text.split('\n');
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length - 1;
  const indent = /^ *(?=- )/.exec(lines[lineAt(first.range[0])] ?? '')?.[0];
  if (indent === undefined) return null;
  const item = grants.items[index];
  // What follows: the item that is to come after it, or what comes after the list.
  const next = isNode(item) && item.range != null ? lineAt(item.range[0]) : endOf(grants.range, lines.length, lineAt);
  let at = next;
  // Comments above an item speak of it and stay with it.
  while (at > 0 && /^\s*(#|$)/.test(lines[at - 1] ?? '')) at -= 1;
  const own = grantYaml(grant)
    .trimEnd()
    .split('\n')
    .map((line) => `${indent}${line}`);
  const before = index === 0 ? [] : [''];
  const after = index === 0 ? [''] : [];
  return lines.toSpliced(at, 0, ...before, ...own, ...after).join('\n');
}

function endOf(
  range: readonly [number, number, number] | null | undefined,
  last: number,
  lineAt: (offset: number) => number,
): number {
  return range == null ? last : lineAt(range[2]) + 1;
}

function grantsOf(text: string, file: string): unknown {
  try {
    return parsePolicy(text, file).value.grants;
  } catch {
    return undefined;
  }
}

/** The grant as the reader of policies reads it, defaults filled in. */
function readBack(grant: GrantItem): ReturnType<typeof parsePolicy>['value']['grants'] {
  return parsePolicy(`policy: 1\nagency: any\ngrants:\n${grantYaml(grant)}`, grant.id).value.grants;
}

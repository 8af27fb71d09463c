import type { AccessClass } from '../../src/access/policy.ts';
import type { ConditionModel, FieldModel, PolicyModel, SchemaModel } from './model.ts';
import { allOf, anyOf, type Truth } from './reference-condition.ts';
import { guardsOf, linesOn, matchLines, rowRulesOf, type Line } from './reference-verdict.ts';

/*
 * What a class may see, by meaning: for every truth that the predicates can have (true, false, unknown), what is given.
 * Predicates count as independent, so that two decisions are told apart wherever any record could tell them apart.
 */

export interface Side {
  readonly schema: SchemaModel;
  readonly policies: readonly PolicyModel[];
}

/** A decision: in the words of docs/policy.md, and as what it gives under each assignment of truths. */
export interface Meaning {
  /** Without lines that are never reached or say nothing: equal words, equal decisions. */
  readonly words: string;
  readonly atoms: readonly string[];
  readonly gives: (truths: ReadonlyMap<string, Truth>) => string;
}

export function fieldMeaning(field: FieldModel, of: ReferenceClass, side: Side): Meaning {
  if (field.category === 'NONE' || of.purpose === 'STATISTICS') return nothing('deny');
  const guards = guardsOf(field).filter((g) => g !== 'exactMatch');
  const lines = linesOn(field, of, side).flatMap((line) => withSecrecy(field, line));
  const gives = (truths: ReadonlyMap<string, Truth>): string => {
    if (guards.some((g) => truthOf(g, truths) !== true)) return 'deny';
    const line = lines.find((l) => l.when.every((c) => truthOf(c, truths) === true));
    return line === undefined ? 'deny' : given(line);
  };
  const chain = told(lines);
  const words =
    chain.length === 0
      ? 'deny'
      : [...guards.map(wordsOf), ...chain.map((l) => `${given(l)} if ${listWords(l.when)}`)].join('; ');
  return { words, atoms: atomsOf([...guards, ...lines.flatMap((l) => l.when)]), gives };
}

export function rowMeaning(type: string, of: ReferenceClass, side: Side): Meaning {
  return anyMeaning(rowRulesOf(type, of, side));
}

export function matchMeaning(field: FieldModel, of: ReferenceClass, side: Side): Meaning {
  return anyMeaning(matchLines(field, of, side).map((l) => l.when));
}

export type ReferenceClass = AccessClass & { readonly purpose: NonNullable<AccessClass['purpose']> };

function nothing(words: string): Meaning {
  return { words, atoms: [], gives: () => words };
}

function anyMeaning(rules: readonly (readonly ConditionModel[])[]): Meaning {
  if (rules.length === 0) return nothing('none');
  const texts = [...new Set(rules.map(listWords))].toSorted();
  return {
    words: texts.includes('always') ? 'all' : texts.join(' | '),
    atoms: atomsOf(rules.flat()),
    gives: (truths) => String(anyOf(rules.map((when) => allOf(when.map((c) => truthOf(c, truths))))) === true),
  };
}

/** The text of a ticket whose reporter asked for secrecy is redacted even where a line gives it verbatim. */
function withSecrecy(field: FieldModel, line: Line): Line[] {
  if (field.type !== 'Ticket' || field.personal !== 'FREE_TEXT' || line.gives.kind !== 'plain') return [line];
  return [
    { ...line, when: ['reporterNotSecret', ...line.when] },
    { ...line, gives: { kind: 'mask', mask: 'redacted' } },
  ];
}

/** The lines that say something: up to the first that always holds, each condition once, no denials at the end. */
function told(lines: readonly Line[]): Line[] {
  const seen = new Set<string>();
  const fresh: Line[] = [];
  for (const line of lines) {
    const when = listWords(line.when);
    if (!seen.has(when)) fresh.push(line);
    seen.add(when);
    if (when === 'always') break;
  }
  return fresh.slice(0, fresh.findLastIndex((l) => l.gives.kind !== 'deny') + 1);
}

function given({ gives }: Line): string {
  return gives.kind === 'mask' ? `mask ${gives.mask}` : gives.kind;
}

/** A `when` list in words; lists within lists read the same, and parts that say nothing are left out. */
function listWords(when: readonly ConditionModel[]): string {
  const words = when.map(wordsOf).filter((w) => w !== 'always');
  if (words.includes('never')) return 'never';
  return words.length === 0 ? 'always' : words.join(' & ');
}

function wordsOf(condition: ConditionModel): string {
  const [name, args] = parts(condition);
  switch (name) {
    case 'all':
      return listWords(args as readonly ConditionModel[]);
    case 'any': {
      const words = (args as readonly ConditionModel[]).map(wordsOf).filter((w) => w !== 'never');
      if (words.includes('always')) return 'always';
      return words.length === 0 ? 'never' : `any(${words.join(' | ')})`;
    }
    case 'not': {
      const words = wordsOf(args as ConditionModel);
      return words === 'always' ? 'never' : words === 'never' ? 'always' : `not(${words})`;
    }
    default:
      return atomOf(condition);
  }
}

function atomOf(condition: ConditionModel): string {
  return typeof condition === 'string' ? condition : JSON.stringify(condition);
}

function parts(condition: ConditionModel): [string, unknown] {
  return typeof condition === 'string' ? [condition, undefined] : (Object.entries(condition)[0] ?? ['', undefined]);
}

function atomsOf(conditions: readonly ConditionModel[]): string[] {
  const found = new Set<string>();
  const visit = (condition: ConditionModel): void => {
    const [name, args] = parts(condition);
    if (name === 'all' || name === 'any') (args as readonly ConditionModel[]).forEach(visit);
    else if (name === 'not') visit(args as ConditionModel);
    else found.add(atomOf(condition));
  };
  conditions.forEach(visit);
  return [...found];
}

function truthOf(condition: ConditionModel, truths: ReadonlyMap<string, Truth>): Truth {
  const [name, args] = parts(condition);
  switch (name) {
    case 'all':
      return allOf((args as readonly ConditionModel[]).map((c) => truthOf(c, truths)));
    case 'any':
      return anyOf((args as readonly ConditionModel[]).map((c) => truthOf(c, truths)));
    case 'not': {
      const truth = truthOf(args as ConditionModel, truths);
      return truth === undefined ? undefined : !truth;
    }
    default:
      return truths.get(atomOf(condition));
  }
}

/** Whether some assignment of truths tells the two decisions apart: all of them for up to `exact` predicates. */
export function differInMeaning(a: Meaning, b: Meaning, exact = 6): 'yes' | 'no' | 'unknown' {
  const atoms = [...new Set([...a.atoms, ...b.atoms])];
  const all = 3 ** atoms.length;
  const looked = Math.min(all, 3 ** exact);
  // An odd stride that shares no factor with a power of three visits every assignment once.
  const stride = all === looked ? 1 : 1_000_003;
  for (let i = 0; i < looked; i += 1) {
    let digits = (i * stride) % all;
    const truths = new Map<string, Truth>();
    for (const atom of atoms) {
      const digit = digits % 3;
      truths.set(atom, digit === 0 ? true : digit === 1 ? false : undefined);
      digits = Math.floor(digits / 3);
    }
    if (a.gives(truths) !== b.gives(truths)) return 'yes';
  }
  return all === looked ? 'no' : 'unknown';
}

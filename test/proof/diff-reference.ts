import type { AccessClass } from '../../src/access/policy.ts';
import { instances } from './diff-space.ts';
import type { CallerModel, ConditionModel, FieldModel, PolicyModel, SchemaModel } from './model.ts';
import { referenceTruth, type Judged } from './reference-condition.ts';
import { guardsOf, linesOn, rightLines, rowRulesOf, type Line } from './reference-verdict.ts';

/*
 * What a class may see, by meaning: for everything that a decision can be judged on, what is given, and on which legal basis.
 */

export interface Side {
  readonly schema: SchemaModel;
  readonly policies: readonly PolicyModel[];
}

/** A decision as what it gives in each case. */
export interface Meaning {
  /** Equal texts, equal decisions. */
  readonly text: string;
  readonly conditions: readonly ConditionModel[];
  readonly gives: (on: Judged, caller: CallerModel) => Given;
}

/** Null: nothing. */
export type Given = { readonly what: string; readonly law: string | null } | null;

const nothing: Meaning = { text: 'nothing', conditions: [], gives: () => null };

export function fieldMeaning(field: FieldModel, of: ReferenceClass, side: Side): Meaning {
  if (field.category === 'NONE' || of.purpose === 'STATISTICS') return nothing;
  const lines = linesOn(field, of, side).flatMap((line) => withSecrecy(field, line));
  return chain(
    guardsOf(field).filter((g) => g !== 'exactMatch'),
    lines.map((line) => ({ when: line.when, given: givenBy(line, side) })),
  );
}

export function rowMeaning(type: string, of: ReferenceClass, side: Side): Meaning {
  return chain(
    [],
    rowRulesOf(type, of, side).map((when) => ({ when, given: { what: 'rows', law: null } })),
  );
}

export function rightMeaning(right: 'match' | 'count', field: FieldModel, of: ReferenceClass, side: Side): Meaning {
  if (field.category === 'NONE') return nothing;
  return chain(
    guardsOf(field).filter((g) => g !== 'exactMatch'),
    rightLines(right, field, of, side).map((line) => ({ when: line.when, given: givenBy(line, side) })),
  );
}

export type ReferenceClass = AccessClass & { readonly purpose: NonNullable<AccessClass['purpose']> };

function chain(
  guards: readonly ConditionModel[],
  lines: readonly { readonly when: readonly ConditionModel[]; readonly given: Given }[],
): Meaning {
  if (lines.length === 0) return nothing;
  return {
    text: JSON.stringify([guards, lines]),
    conditions: [...guards, ...lines.flatMap((l) => l.when)],
    gives(on, caller) {
      const truth = (condition: ConditionModel): boolean => referenceTruth(condition, on, caller) === true;
      if (!guards.every(truth)) return null;
      return lines.find((l) => l.when.every(truth))?.given ?? null;
    },
  };
}

function givenBy({ gives, rule }: Line, { policies }: Side): Given {
  if (gives.kind === 'deny') return null;
  const [agency, id] = rule.split('/');
  const law = policies.find((p) => p.agency === agency)?.grants.find((g) => g.id === id)?.law ?? null;
  return { what: gives.kind === 'mask' ? `mask ${gives.mask}` : gives.kind, law };
}

/** The text of a ticket whose reporter asked for secrecy is redacted even where a line gives it verbatim. */
function withSecrecy(field: FieldModel, line: Line): Line[] {
  if (field.type !== 'Ticket' || field.personal !== 'FREE_TEXT' || line.gives.kind !== 'plain') return [line];
  return [
    { ...line, when: ['reporterNotSecret', ...line.when] },
    { ...line, gives: { kind: 'mask', mask: 'redacted' } },
  ];
}

type Answer = 'yes' | 'no' | 'unknown';
interface Answers {
  readonly given: Answer;
  readonly law: Answer;
}
/** The answers for one schema: many classes and fields ask the same. */
export type KnownAnswers = Map<string, Answers>;

/** Whether some case tells the two decisions apart, by what is given and by its legal basis. */
export function differInMeaning(
  a: Meaning,
  b: Meaning,
  type: string,
  of: ReferenceClass,
  schema: SchemaModel,
  known: KnownAnswers,
): Answers {
  if (a.text === b.text) return { given: 'no', law: 'no' };
  const key = JSON.stringify([a.text, b.text, type, of.agency]);
  const found = known.get(key);
  if (found !== undefined) return found;
  const cases = instances([...a.conditions, ...b.conditions], type, of.agency, schema);
  const otherwise = cases.all ? 'no' : 'unknown';
  let [given, law]: [Answer, Answer] = [otherwise, otherwise];
  for (const { on, caller } of cases.of) {
    const who: CallerModel = { ...of, ...caller, ticket: null };
    const [was, is] = [a.gives(on, who), b.gives(on, who)];
    if (was?.what !== is?.what) given = 'yes';
    if (was !== null && is !== null && was.law !== is.law) law = 'yes';
  }
  known.set(key, { given, law });
  return { given, law };
}

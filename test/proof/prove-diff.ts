import fc from 'fast-check';
import { diffPolicies, type ChangeKind } from '../../src/policy/diff.ts';
import { accessClasses, printClass } from '../../src/policy/classes.ts';
import { at } from './choose.ts';
import {
  differInMeaning,
  fieldMeaning,
  rightMeaning,
  rowMeaning,
  type KnownAnswers,
  type Meaning,
  type ReferenceClass,
  type Side,
} from './diff-reference.ts';
import { compile, policyText } from './house.ts';
import type { GrantModel, PolicyModel } from './model.ts';
import { policyChoices, policyOf, type PolicyChoices } from './policy-arbitrary.ts';
import { schemaChoices, schemaOf } from './schema-arbitrary.ts';
import type { Tally } from './tally.ts';

const pairChoices = fc.record({
  schema: schemaChoices,
  before: fc.tuple(policyChoices, policyChoices, policyChoices),
  after: policyChoices,
  /** How the second comes from the first. */
  edits: fc.array(fc.record({ kind: fc.nat(10), policy: fc.nat(2), place: fc.nat(9) }), { minLength: 1, maxLength: 3 }),
  classes: fc.nat(),
});

/** Whether `policy diff` says exactly what changes, for whom: compared with every decision by meaning and by words. */
export function proveDiff(
  options: { readonly seed: number; readonly path?: string; readonly pairs: number },
  tally: Tally,
): string | null {
  const { seed, path, pairs } = options;
  const result = fc.check(
    fc.property(fc.noBias(pairChoices), (choices) => {
      const schema = schemaOf(choices.schema);
      const policies = schema.agencies.map((agency, i) => policyOf(agency, at(choices.before, i), schema));
      const before: Side = { schema, policies };
      const after: Side = {
        schema,
        policies: choices.edits.reduce((of, edit) => edited(of, edit, choices.after, before), policies),
      };
      comparePair(before, after, choices.classes, tally);
    }),
    { numRuns: pairs, seed, ...(path === undefined ? {} : { path }) },
  );
  if (!result.failed) return null;
  const { errorInstance } = result;
  return `seed ${result.seed}, path ${result.counterexamplePath ?? ''}\n${errorInstance instanceof Error ? `${errorInstance.message}` : String(errorInstance)}`;
}

/** One edit as a steward would make it: another policy, a grant gone, turned round, moved, narrowed or widened. */
function edited(
  policies: readonly PolicyModel[],
  { kind, policy, place }: { readonly kind: number; readonly policy: number; readonly place: number },
  other: PolicyChoices,
  { schema }: Side,
): PolicyModel[] {
  const chosen = at(policies, policy);
  const grants = (list: readonly GrantModel[]): PolicyModel => ({ ...chosen, grants: list });
  const one = chosen.grants[place % Math.max(chosen.grants.length, 1)];
  const edit = (): PolicyModel => {
    if (one === undefined || kind === 0) return policyOf(chosen.agency, other, schema);
    const rest = chosen.grants.filter((g) => g !== one);
    switch (kind) {
      case 1:
        return grants(rest);
      case 2:
        return grants([one, ...rest]);
      case 3:
        return grants(chosen.grants.map((g) => (g === one ? { ...g, when: g.when.toReversed() } : g)));
      case 4:
        return grants(chosen.grants.map((g) => (g === one ? { ...g, when: [{ all: g.when }], law: '另一依据' } : g)));
      case 5:
        return grants(
          chosen.grants.map((g) =>
            g === one ? { ...g, plain: g.plain.slice(1), deny: [...g.deny, ...g.plain.slice(0, 1)] } : g,
          ),
        );
      case 6:
        return { ...chosen, rows: chosen.rows.toReversed() };
      // Other words for the same: not not, a part that follows from another, a list turned round and doubled.
      case 8:
        return grants(chosen.grants.map((g) => (g === one ? { ...g, when: [{ not: { not: { all: g.when } } }] } : g)));
      case 9: {
        const all = { all: one.when };
        return grants(
          chosen.grants.map((g) => (g === one ? { ...g, when: [{ any: [all, { all: [all, 'leadsTicket'] }] }] } : g)),
        );
      }
      case 10:
        return grants(
          chosen.grants.map((g) => (g === one ? { ...g, when: [...g.when.toReversed(), { any: g.when }] } : g)),
        );
      default:
        return {
          ...chosen,
          rows: chosen.rows.slice(1),
          grants: [...chosen.grants, { ...one, id: `again-${chosen.grants.length}` }],
        };
    }
  };
  return policies.map((p) => (p === chosen ? edit() : p));
}

function comparePair(before: Side, after: Side, choice: number, tally: Tally): void {
  const { schema } = before;
  const all = accessClasses(schema.agencies).filter((c): c is ReferenceClass => c.purpose !== null);
  const classes = all.filter((_, i) => (i + choice) % 13 === 0);
  const [was, is] = [before, after].map((side) => compile(schema, side.policies));
  if (was === undefined || is === undefined) throw new TypeError('a diff has two sides');
  const reported = new Set<string>();
  const undecided = new Set<string>();
  for (const { kind, subject, classes: of } of diffPolicies(was, is, classes)) {
    for (const one of of) (kind === 'undecided' ? undecided : reported).add(`${one}: ${aboutOf(kind)} ${subject}`);
    if (of.length === 0) reported.add(`${kind} ${subject}`);
  }
  const known: KnownAnswers = new Map();
  const wrong: string[] = [];
  const met = new Set<string>();
  let compared = 0;
  const judge = (of: ReferenceClass, type: string, about: string, subject: string, a: Meaning, b: Meaning): void => {
    compared += 1;
    const right = about === 'match' || about === 'count' ? ` (${about})` : '';
    if (about === 'count' && a.text + b.text !== 'nothingnothing') met.add('counts');
    const name = `${printClass(of)}: ${about} ${subject}`;
    const lawName = `${printClass(of)}: law ${subject}${right}`;
    if (a.conditions.length + b.conditions.length > 0) met.add('conditions').add('denials, masks or conditions');
    if (a.text === 'nothing') met.add('denials').add('denials, masks or conditions');
    if (undecided.has(`${printClass(of)}: field ${subject}`)) {
      tally.note('too large for policy diff');
      reported.delete(lawName);
      return;
    }
    const differ = differInMeaning(a, b, type, of, schema, known);
    for (const [told, so] of [
      [name, differ.given],
      [lawName, differ.law],
    ] as const) {
      if (so === 'yes') met.add('changes');
      if (so === 'unknown') tally.note('too large for brute force');
      if (so === 'no' && a.text !== b.text) tally.note('other words for the same, not told');
      if (so === 'yes' && !reported.has(told)) wrong.push(`${told} changes, and is not told: ${a.text} → ${b.text}`);
      if (so === 'no' && reported.has(told)) wrong.push(`${told} is told without need: ${a.text} → ${b.text}`);
      reported.delete(told);
    }
  };
  for (const of of classes) {
    for (const type of schema.types) {
      if (type.role === 'record')
        judge(of, type.name, 'rows', type.name, rowMeaning(type.name, of, before), rowMeaning(type.name, of, after));
      for (const field of type.fields) {
        const about = `${field.type}.${field.name}`;
        judge(of, type.name, 'field', about, fieldMeaning(field, of, before), fieldMeaning(field, of, after));
        for (const right of ['match', 'count'] as const)
          judge(
            of,
            type.name,
            right,
            about,
            rightMeaning(right, field, of, before),
            rightMeaning(right, field, of, after),
          );
      }
    }
  }
  wrong.push(...[...reported].map((name) => `${name} is told, and there is no such subject`));
  if (wrong.length > 0) {
    const texts = [before, after].map((side) => side.policies.map(policyText).join('\n'));
    throw new Error(
      [`policy diff is not what changes`, ...wrong.slice(0, 20), '--- before', texts[0], '--- after', texts[1]].join(
        '\n',
      ),
    );
  }
  tally.count('policy diff like brute force', met);
  tally.note('decisions compared by policy diff', compared);
}

function aboutOf(kind: ChangeKind): string {
  switch (kind) {
    case 'rows':
    case 'match':
    case 'count':
    case 'law':
    case 'stale':
    case 'join':
      return kind;
    case 'gains':
    case 'loses':
    case 'mask':
    case 'condition':
    case 'undecided':
      return 'field';
  }
}

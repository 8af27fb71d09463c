import fc from 'fast-check';
import { diffPolicies } from '../../src/policy/diff.ts';
import { accessClasses, printClass } from '../../src/policy/classes.ts';
import { at } from './choose.ts';
import {
  differInMeaning,
  fieldMeaning,
  matchMeaning,
  rowMeaning,
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
  edits: fc.array(fc.record({ kind: fc.nat(7), policy: fc.nat(2), place: fc.nat(9) }), { minLength: 1, maxLength: 3 }),
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
  for (const { kind, subject, classes: of } of diffPolicies(was, is, classes)) {
    const about = kind === 'rows' || kind === 'match' || kind === 'count' ? kind : 'field';
    for (const one of of) reported.add(`${one}: ${about} ${subject}`);
  }
  const wrong: string[] = [];
  const met = new Set<string>();
  let compared = 0;
  const judge = (of: ReferenceClass, about: string, a: Meaning, b: Meaning): void => {
    compared += 1;
    const name = `${printClass(of)}: ${about}`;
    if (a.atoms.length + b.atoms.length > 0) met.add('conditions').add('denials, masks or conditions');
    if (a.words === 'deny') met.add('denials').add('denials, masks or conditions');
    const otherWords = a.words !== b.words;
    const otherMeaning = a === b ? 'no' : differInMeaning(a, b);
    if (otherMeaning === 'yes') met.add('changes');
    if (otherMeaning === 'yes' && !reported.has(name))
      wrong.push(`${name} changes, and is not told: ${a.words} → ${b.words}`);
    if (reported.has(name) !== otherWords)
      wrong.push(`${name}: ${a.words} → ${b.words} is ${otherWords ? 'not told' : 'told without need'}`);
    if (otherWords && otherMeaning === 'no') met.add('told although only the wording changes');
    reported.delete(name);
  };
  for (const of of classes) {
    for (const type of schema.types) {
      if (type.role === 'record')
        judge(of, `rows ${type.name}`, rowMeaning(type.name, of, before), rowMeaning(type.name, of, after));
      for (const field of type.fields) {
        const about = `${field.type}.${field.name}`;
        judge(of, `field ${about}`, fieldMeaning(field, of, before), fieldMeaning(field, of, after));
        judge(of, `match ${about}`, matchMeaning(field, of, before), matchMeaning(field, of, after));
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

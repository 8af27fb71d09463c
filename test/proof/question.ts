import { isDeepStrictEqual } from 'node:util';
import { explainQuery } from '../../src/hub/explain.ts';
import { changeOf, type Change } from './changes.ts';
import { differences } from './compare.ts';
import { SmallCountTold } from './count-exchange.ts';
import { counterexample } from './counterexample.ts';
import { pseudonymSecret, type Asked, type House } from './house.ts';
import type { CallerModel, QueryModel } from './model.ts';
import { queryText } from './query-text.ts';
import { joinSecret } from './record-arbitrary.ts';
import { referenceAnswer, switches, type ReferenceAnswer } from './reference-answer.ts';
import { linesOn, rightLines } from './reference-verdict.ts';
import type { Tally } from './tally.ts';
import { withoutGrantsOf } from './twin.ts';

const secrets = { join: joinSecret, pseudonym: pseudonymSecret };

/** One query of one caller in one house, and everything that the properties need to know of its answer. */
export interface Question {
  readonly house: House;
  readonly caller: CallerModel;
  readonly query: QueryModel;
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly expected: ReferenceAnswer;
  /** What the plan says that it reads behind the gate, and what is known to be read beside that. */
  readonly declared: ReadonlySet<string>;
  readonly asked: Asked;
}

export async function ask(house: House, caller: CallerModel, query: QueryModel): Promise<Question> {
  const text = queryText(query);
  const variables = { ...switches, ...(await cursorsOf(house, caller, query)) };
  const expected = referenceAnswer(query, caller, house.world, secrets);
  const declared = declaredReads(house, caller, text);
  return { house, caller, query, text, variables, expected, declared, asked: await house.ask(caller, text, variables) };
}

/** The cursors of the places behind which the query's roots go on, as the hub itself gave them. */
async function cursorsOf(house: House, caller: CallerModel, query: QueryModel): Promise<Record<string, unknown>> {
  const variables: Record<string, unknown> = {};
  for (const [i, root] of query.roots.entries()) {
    const { after, ...args } = root.args;
    if (after?.kind !== 'afterPlace') continue;
    const edges = {
      kind: 'field' as const,
      name: 'edges',
      key: 'edges',
      args: {},
      when: null,
      sub: [{ kind: 'field' as const, name: 'cursor', key: 'cursor', args: {}, when: null, sub: [] }],
    };
    const whole = { ...root, args: { ...args, first: { kind: 'value' as const, value: 9 } }, sub: [edges] };
    const { answer } = await house.ask(caller, queryText({ roots: [whole] }), {});
    const page = answer.kind === 'result' ? answer.result.data?.[root.key] : null;
    const cursors = (page as { readonly edges: readonly { readonly cursor: string }[] } | null)?.edges ?? [];
    variables[`after${i}`] = cursors[after.place]?.cursor ?? null;
  }
  return variables;
}

/** The whole answer is what the reference says, and nothing was asked of a source in vain. */
export function checkAnswer(question: Question, tally: Tally): void {
  const { house, expected, asked } = question;
  const wrong = [...differences(asked.answer, expected), ...inVain(question)];
  if (wrong.length > 0) throw counterexample('the answer is not what the policies say', question, wrong);
  tally.count('answers like the reference', met(question));
  tally.note(house.executor);
}

function met({ expected, query, caller, house }: Question): Set<string> {
  const met = new Set(expected.met);
  const conditional = [...expected.shown.keys()].length > 0 || expected.notes.size > 0;
  if (conditional && weighsConditions(query, caller, house)) met.add('conditions');
  if (['denials', 'masks', 'conditions'].some((m) => met.has(m))) met.add('denials, masks or conditions');
  if (query.roots.some((r) => r.args['after'] !== undefined)) met.add('cursors');
  return met;
}

/** Whether some asked field has a line with a condition for this caller. */
function weighsConditions(query: QueryModel, caller: CallerModel, { world }: House): boolean {
  const names = new Set<string>();
  const visit = (selections: QueryModel['roots'][number]['sub']): void => {
    for (const s of selections) {
      if (s.kind === 'field') names.add(s.name);
      visit(s.sub);
    }
  };
  for (const root of query.roots) visit(root.sub);
  return world.schema.types.some((type) =>
    type.fields.some((f) => names.has(f.name) && linesOn(f, caller, world).some((l) => l.when.length > 0)),
  );
}

/** What the plan prints as read behind the gate: `Type.field`. */
function declaredReads(house: House, caller: CallerModel, text: string): Set<string> {
  const { agency, role, purpose } = caller;
  const prepared = house.documents.prepare(text, null, false);
  const explained = explainQuery(prepared, { agency, role, purpose }, house.sources, () => false);
  return new Set(explained.behind.map((b) => b.coordinate));
}

/** Columns that were asked for although the class may never see them and the plan does not say that it reads them. */
function inVain(question: Question): string[] {
  const { house, caller, declared, asked } = question;
  return asked.loads.flatMap(({ type, fields }) =>
    fields.flatMap((name) => {
      const field = house.world.schema.types.find((t) => t.name === type)?.fields.find((f) => f.name === name);
      if (field === undefined || declared.has(`${type}.${name}`)) return [];
      const given =
        field.category !== 'NONE' &&
        (linesOn(field, caller, house.world).some((l) => l.gives.kind !== 'deny') ||
          rightLines('count', field, caller, house.world).length > 0);
      return given ? [] : [`${type}.${name} was asked for in vain`];
    }),
  );
}

/** Changes what must not matter, asks again, and changes it back: every byte is the same. */
export async function checkInterference(question: Question, choice: number, tally: Tally): Promise<void> {
  const { house, caller, text, variables, asked } = question;
  const change = whatMayChange(question, choice);
  if (change === null) return;
  for (const { type, key, after } of change.records) house.store.put(type, key, after);
  let again: Asked;
  try {
    again = await house.ask(caller, text, variables);
  } finally {
    for (const { type, key, before } of change.records) house.store.put(type, key, before);
  }
  const wrong = changedBytes(asked, again);
  if (wrong.length > 0) throw counterexample('the answer depends on what is hidden', question, wrong, change);
  tally.count('non-interference', met(question));
  tally.note(change.kind);
}

function whatMayChange(question: Question, choice: number): Change | null {
  const { house, caller, expected, declared } = question;
  try {
    return changeOf(choice, expected, declared, caller, house.world);
  } catch (error) {
    if (error instanceof SmallCountTold)
      throw counterexample('a small count can be computed', question, [error.message]);
    throw error;
  }
}

function changedBytes(before: Asked, after: Asked): string[] {
  return [
    ...(before.text === after.text ? [] : parted('the answer was', before.text, 'and is now', after.text)),
    ...(isDeepStrictEqual(before.loads, after.loads)
      ? []
      : parted(
          'the loads were',
          before.loads.map((l) => l.text).join(' '),
          'and are now',
          after.loads.map((l) => l.text).join(' '),
        )),
    ...(isDeepStrictEqual(before.statements, after.statements) ? [] : ['the statements differ']),
  ];
}

/** Both texts from a little before where they part. */
function parted(one: string, a: string, other: string, b: string): string[] {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const from = Math.max(0, at - 160);
  return [`${one}: …${a.slice(from, at + 240)}`, `${other}: …${b.slice(from, at + 240)}`];
}

/** A field that is denied wherever it was asked answers as one that nobody was ever granted. */
export async function checkTwin(question: Question, choice: number, tally: Tally): Promise<void> {
  const { house, caller, query, text, variables, expected, asked } = question;
  const twin = withoutGrantsOf(expected, query, choice, caller, house.world);
  if (twin === null) return;
  const other = await house.under(twin.policies).ask(caller, text, variables);
  const version = (of: string): string => of.replaceAll(/"policyVersion":"[0-9a-f]+"/g, '"policyVersion":""');
  if (version(other.text) !== version(asked.text))
    throw counterexample(`${twin.field} is denied, but not as a field that is always denied`, question, [
      ...parted('conditionally', version(asked.text), 'always', version(other.text)),
    ]);
  tally.count('conditional denials like plain ones', met(question));
}

import fc from 'fast-check';
import type { MaskName } from '../../src/access/mask-name.ts';
import type { Purpose, Role } from '../../src/identity/principal.ts';
import { at } from './choose.ts';
import { whenChoices, whenOf } from './condition-arbitrary.ts';
import type { ConsumerModel, FieldModel, GrantModel, PolicyModel, RowModel, SchemaModel } from './model.ts';
import { masksOf } from './values.ts';

export const usedRoles: readonly Role[] = ['HANDLER', 'SYSTEM', 'GRID_WORKER', 'AUDITOR', 'SUPERVISOR', 'OPERATOR'];
export const usedPurposes: readonly Purpose[] = [
  'HANDLING',
  'AUDIT',
  'SUPERVISION',
  'EMERGENCY',
  'DISPATCH',
  'FOLLOW_UP',
];
export const usedAgencies = ['water', 'fire', 'hotline', 'police'] as const;

const grantChoices = fc.record({
  to: fc.nat(9),
  purposes: fc.nat(7),
  /** 0 to 2: all that the agency owns; otherwise one type. */
  type: fc.nat(9),
  period: fc.nat(11),
  when: whenChoices,
  verdicts: fc.array(fc.nat(11), { minLength: 13, maxLength: 13 }),
  form: fc.nat(7),
});
const rowChoices = fc.record({ type: fc.nat(), to: fc.nat(9), purposes: fc.nat(15), when: whenChoices });

/** One agency's policy before it meets a schema. */
export const policyChoices = fc.record({
  rows: fc.array(rowChoices, { minLength: 1, maxLength: 6 }),
  /** A bit for each record type: whether all its records are open to all. */
  openRows: fc.nat(7),
  grants: fc.array(grantChoices, { maxLength: 5 }),
  /** What the last lines give to all: at 0 nothing. */
  base: fc.nat(7),
});
export type PolicyChoices = typeof policyChoices extends fc.Arbitrary<infer T> ? T : never;

/** The policy of the agency for its part of the schema; `joins` are added by who knows what the relations read. */
export function policyOf(agency: string, choices: PolicyChoices, schema: SchemaModel): PolicyModel {
  const fields = schema.types.flatMap((t) => t.fields).filter((f) => f.owner === agency);
  const records = schema.types.filter((t) => t.role === 'record' && t.owner === agency).map((t) => t.name);
  const rows: RowModel[] = choices.rows.flatMap((row, i) => {
    if (records.length === 0) return [];
    const of = [at(records, row.type)];
    const when = whenOf(row.when, agency, of, schema, 'any');
    // What slides with time may not choose who is counted.
    const sliding = JSON.stringify(when).includes('withinDays');
    return [
      {
        id: `rows-${i}`,
        of,
        to: [consumerOf(row.to, agency)],
        ...(row.purposes < 12 && !sliding ? {} : { purposes: purposesOf(row.purposes) }),
        when,
      },
    ];
  });
  const open = records.filter((_, i) => ((choices.openRows >> i) & 1) === 1);
  if (open.length > 0) rows.push({ id: 'open-rows', of: open, to: ['all'], when: [] });
  const grants = choices.grants.map((grant, i) => grantOf(`grant-${i}`, agency, grant, fields, schema));
  if (choices.base > 0) {
    const plain = fields.filter((f) => f.category !== 'NONE');
    const given = choices.base > 5 ? plain : plain.filter((f) => f.holds.kind !== 'value' || f.nonNull);
    grants.push({
      ...emptyGrant,
      id: 'base',
      to: ['all'],
      plain: given.map(coordinate),
      deny: choices.base === 3 && fields.length > 0 ? ['*.*'] : [],
    });
  }
  const counted = countsOf(agency, choices, fields, schema);
  const { named, sets } = withSets([...grants, ...counted].filter((g) => listed(g) > 0));
  return {
    policy: 1,
    agency,
    consumers: {
      all: [{ agency: '*', roles: usedRoles }],
      own: [{ agency, roles: ['SYSTEM', 'HANDLER', 'OPERATOR'] }],
      handlers: [{ agency: '*', roles: ['HANDLER', 'SYSTEM'] }],
      fieldwork: [{ agency: '*', roles: ['GRID_WORKER'] }],
      overseers: [
        { agency: '*', roles: ['AUDITOR'] },
        { agency: 'hotline', roles: ['SUPERVISOR'] },
      ],
      // Groups within groups, two of which meet in one.
      outside: ['fieldwork', 'overseers'],
      most: ['handlers', 'outside', 'overseers', { agency: 'fire', roles: ['OPERATOR'] }],
    },
    fields: sets,
    rows,
    grants: named,
    joins: [],
  };
}

/** What may be counted, by whom and on which condition; in about half of the policies by all, whatever else. */
function countsOf(
  agency: string,
  choices: PolicyChoices,
  fields: readonly FieldModel[],
  schema: SchemaModel,
): GrantModel[] {
  const countable = fields.filter((f) => f.holds.kind === 'value' && f.category !== 'NONE');
  const some = choices.grants.slice(0, 2).flatMap((choice, i): GrantModel[] => {
    if (choice.form < 3 || countable.length === 0) return [];
    const { type } = at(countable, choice.type);
    const of = countable.filter((f) => f.type === type);
    return [
      {
        ...emptyGrant,
        id: `counts-${i}`,
        to: [consumerOf(choice.to, agency)],
        purposes: ['STATISTICS'],
        when: whenOf(choice.when, agency, [type], schema, 'count'),
        count: of
          .filter((_, place) => ((choice.verdicts[place % choice.verdicts.length] ?? 0) & 1) === 0)
          .map(coordinate),
      },
    ];
  });
  const all = countable.filter((f) => schema.statistics.some((s) => s.type === f.type)).map(coordinate);
  if (choices.base < 3 || all.length === 0) return some;
  return [...some, { ...emptyGrant, id: 'base-counts', to: ['all'], purposes: ['STATISTICS'], count: all }];
}

/** The same grants with some lists written as sets of fields within sets. */
function withSets(grants: readonly GrantModel[]): {
  readonly named: GrantModel[];
  readonly sets: Record<string, readonly string[]>;
} {
  const sets: Record<string, readonly string[]> = {};
  const named = grants.map((grant, i): GrantModel => {
    if (i % 2 === 1 || grant.plain.length < 3) return grant;
    const [first, second, ...others] = grant.plain;
    if (first === undefined || second === undefined) return grant;
    sets[`inner-${i}`] = [first];
    sets[`outer-${i}`] = [`inner-${i}`, second];
    return { ...grant, plain: [`outer-${i}`, ...others] };
  });
  return { named, sets };
}

const emptyGrant = {
  purposes: usedPurposes,
  law: '政务数据共享条例',
  when: [],
  plain: [],
  verbatim: [],
  mask: {},
  deny: [],
  match: [],
  count: [],
} as const;

function coordinate(field: FieldModel): string {
  return `${field.type}.${field.name}`;
}

function listed({ plain, verbatim, mask, deny, match, count }: GrantModel): number {
  return [plain, verbatim, deny, match, count, ...Object.values(mask)].reduce((n, list) => n + list.length, 0);
}

function consumerOf(choice: number, agency: string): string | ConsumerModel {
  const inPlace: ConsumerModel = { agency: at(usedAgencies, choice), roles: [at(usedRoles, choice)] };
  return at<string | ConsumerModel>(
    ['all', 'handlers', 'all', 'own', 'handlers', 'most', 'outside', inPlace, 'all', { agency, roles: usedRoles }],
    choice,
  );
}

function purposesOf(choice: number): readonly Purpose[] {
  return at<readonly Purpose[]>(
    [
      usedPurposes,
      ['HANDLING'],
      ['AUDIT', 'SUPERVISION'],
      ['HANDLING', 'EMERGENCY'],
      ['DISPATCH', 'FOLLOW_UP', 'HANDLING'],
    ],
    choice,
  );
}

function grantOf(
  id: string,
  agency: string,
  choices: typeof grantChoices extends fc.Arbitrary<infer T> ? T : never,
  owned: readonly FieldModel[],
  schema: SchemaModel,
): GrantModel {
  const types = [...new Set(owned.map((f) => f.type))];
  const records = types.filter((t) => !t.endsWith('Connection'));
  const of = choices.type < 3 || records.length === 0 ? types : [at(records, choices.type)];
  const conditional = choices.when.length > 0;
  // Where something is asked of the record or the ticket, the count of a list has neither.
  const fields = owned.filter((f) => of.includes(f.type) && !(conditional && f.holds.kind === 'count'));
  const named = [...new Set(fields.map((f) => f.type))];
  const lists = new Map<string, string[]>();
  fields.forEach((field, i) => {
    const to = listOf(field, choices.verdicts[(i * 7) % choices.verdicts.length] ?? 0);
    if (to !== null) lists.set(to, [...(lists.get(to) ?? []), coordinate(field)]);
  });
  const list = (name: string): string[] => lists.get(name) ?? [];
  const masks: readonly MaskName[] = ['phone', 'name', 'idNumber', 'address', 'pseudonym', 'redacted'];
  const rest = choices.form === 7 && fields.length > 0 && !conditional ? [`${at(named, choices.form)}.*`] : [];
  return {
    id,
    to: [consumerOf(choices.to, agency)],
    purposes: purposesOf(choices.purposes),
    law: '政务数据共享条例',
    ...at<{ from?: string; until?: string }>(
      [{}, {}, {}, {}, {}, {}, {}, {}, { from: '2026-11-23' }, { until: '2026-11-22' }, { from: '2026-11-24' }, {}],
      choices.period,
    ),
    when: whenOf(choices.when, agency, named, schema, 'any'),
    plain: list('plain'),
    verbatim: list('verbatim'),
    mask: Object.fromEntries(masks.flatMap((mask) => (list(mask).length === 0 ? [] : [[mask, list(mask)]]))),
    deny: [...list('deny'), ...rest],
    match: (choices.form & 3) === 3 ? fields.filter(isMatched).map(coordinate) : [],
    count: [],
  };
}

/** What the pages of the world compare for equality. */
function isMatched(field: FieldModel): boolean {
  return field.category !== 'NONE' && ['name', 'reporterName', 'state', 'status'].includes(field.name);
}

/** The list of the grant that the field goes into; null: none. */
function listOf(field: FieldModel, verdict: number): string | null {
  if (field.category === 'NONE') return verdict === 8 ? 'deny' : null;
  if (field.nonNull) return verdict === 8 ? 'deny' : 'plain';
  const kind = field.holds.kind === 'value' ? field.holds.of : null;
  const masks = kind === null ? undefined : masksOf[kind];
  if (verdict < 3) return null;
  if (verdict < 6) return 'plain';
  if (verdict < 8) return 'verbatim';
  if (verdict === 8) return 'deny';
  return masks === undefined ? 'plain' : at(masks, verdict);
}

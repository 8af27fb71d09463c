import type { MaskName } from '../../src/access/mask-name.ts';
import type {
  CallerModel,
  ConditionModel,
  ConsumerModel,
  FieldModel,
  GrantModel,
  PolicyModel,
  WorldModel,
} from './model.ts';
import { allOf, anyOf, referenceTruth, type Judged } from './reference-condition.ts';

/*
 * Who may see what, written from docs/policy.md: "The parts of the file" and "What stands above every grant".
 */

export type ReferenceVerdict =
  | { readonly kind: 'plain'; readonly rule: string }
  | { readonly kind: 'mask'; readonly mask: MaskName; readonly rule: string }
  | { readonly kind: 'denied' };

/** A line of a policy about one field. */
export interface Line {
  readonly rule: string;
  readonly when: readonly ConditionModel[];
  readonly gives:
    { readonly kind: 'plain' } | { readonly kind: 'mask'; readonly mask: MaskName } | { readonly kind: 'deny' };
}

const denied: ReferenceVerdict = { kind: 'denied' };

/** What shows of a report outside its handling unit: number, status and times. */
const openOfReports = ['ticketNo', 'status', 'receivedAt', 'updatedAt'];

type Class = Pick<CallerModel, 'agency' | 'role' | 'purpose'>;

function meets(to: GrantModel['to'], policy: PolicyModel, of: Class): boolean {
  const callers = (list: GrantModel['to']): ConsumerModel[] =>
    list.flatMap((one) => (typeof one === 'string' ? callers(policy.consumers[one] ?? []) : [one]));
  return callers(to).some((c) => (c.agency === '*' || c.agency === of.agency) && c.roles.includes(of.role));
}

/** The lines that name the field and meet callers of the class, from top to bottom; one that never holds is none. */
export function linesOn(field: FieldModel, of: Class, world: Pick<WorldModel, 'policies' | 'schema'>): Line[] {
  const policy = world.policies.find((p) => p.agency === field.owner);
  return (policy?.grants ?? []).flatMap((grant): Line[] => {
    if (policy === undefined || !meets(grant.to, policy, of) || !grant.purposes.includes(of.purpose)) return [];
    const gives = namedIn(grant, field, policy);
    if (gives === null) return [];
    const when = [...periodOf(grant), ...grant.when];
    return constantOf({ all: when }) === false ? [] : [{ rule: `${policy.agency}/${grant.id}`, when, gives }];
  });
}

/** What a condition says whatever it is judged on; undefined where that makes a difference. */
function constantOf(condition: ConditionModel): boolean | undefined {
  if (typeof condition === 'string') return undefined;
  const [entry] = Object.entries(condition);
  if (entry === undefined) return undefined;
  const [name, of] = entry;
  const parts = Array.isArray(of) ? of.map((part: ConditionModel) => constantOf(part)) : [];
  switch (name) {
    case 'all':
      return allOf(parts);
    case 'any':
      return anyOf(parts);
    case 'not': {
      const truth = constantOf(of as ConditionModel);
      return truth === undefined ? undefined : !truth;
    }
    default:
      return undefined;
  }
}

function periodOf({ from, until }: GrantModel): ConditionModel[] {
  return from === undefined && until === undefined ? [] : [{ inForce: { from, until } }];
}

/** What the grant says of the field; null where it does not name it. */
function namedIn(grant: GrantModel, field: FieldModel, policy: PolicyModel): Line['gives'] | null {
  const coordinate = `${field.type}.${field.name}`;
  const names = (list: readonly string[]): boolean =>
    list.some((one) => one === coordinate || names(policy.fields[one] ?? []));
  if (names(grant.plain))
    return field.personal === 'FREE_TEXT' ? { kind: 'mask', mask: 'redacted' } : { kind: 'plain' };
  if (names(grant.verbatim)) return { kind: 'plain' };
  for (const mask of ['phone', 'name', 'idNumber', 'address', 'pseudonym', 'redacted'] as const)
    if (names(grant.mask[mask] ?? [])) return { kind: 'mask', mask };
  if (names(grant.deny)) return { kind: 'deny' };
  return grant.deny.includes(`${field.type}.*`) || grant.deny.includes('*.*') ? { kind: 'deny' } : null;
}

/** What the caller sees of the field on this record. */
export function referenceVerdict(
  field: FieldModel,
  on: Judged,
  caller: CallerModel,
  world: Pick<WorldModel, 'policies' | 'schema'>,
): ReferenceVerdict {
  if (field.category === 'NONE' || caller.purpose === 'STATISTICS') return denied;
  const truth = (condition: ConditionModel, judged = on): boolean => referenceTruth(condition, judged, caller) === true;
  if (guardsOf(field).some((guard) => !truth(guard))) return denied;
  const line = linesOn(field, caller, world).find((l) => l.when.every((c) => truth(c)));
  if (line === undefined || line.gives.kind === 'deny') return denied;
  const given: ReferenceVerdict =
    line.gives.kind === 'mask'
      ? { kind: 'mask', mask: line.gives.mask, rule: line.rule }
      : { kind: 'plain', rule: line.rule };
  return secrecyOf(field, on, given, truth);
}

/** What must hold before any grant counts. */
export function guardsOf(field: FieldModel): ConditionModel[] {
  const ticket = field.type === 'Ticket';
  const names = field.personal === 'NAME' || field.personal === 'PHONE' || field.personal === 'ID_NUMBER';
  return [
    ...(ticket && !openOfReports.includes(field.name) ? ['reportInOwnUnit'] : []),
    ...(ticket && names ? ['reporterNotSecret'] : []),
    ...(field.personal === null ? [] : ['exactMatch']),
  ];
}

/** The secrecy that a reporter asked for: on the ticket's text, and on people and texts of records that the ticket leads to. */
function secrecyOf(
  field: FieldModel,
  on: Judged,
  given: ReferenceVerdict,
  truth: (condition: ConditionModel, on?: Judged) => boolean,
): ReferenceVerdict {
  const redacted = (): ReferenceVerdict =>
    given.kind === 'plain' ? { kind: 'mask', mask: 'redacted', rule: given.rule } : given;
  if (field.type === 'Ticket')
    return field.personal === 'FREE_TEXT' && !truth('reporterNotSecret') ? redacted() : given;
  if (on.ticket === null || field.official || truth('reporterNotSecret')) return given;
  switch (field.personal) {
    case 'NAME':
    case 'PHONE':
    case 'ID_NUMBER':
      return denied;
    case 'FREE_TEXT':
      return redacted();
    case 'ADDRESS':
    case 'OTHER':
    case null:
      return given;
  }
}

/** The row rules of the type that meet the class; empty: no records at all. */
export function rowRulesOf(
  type: string,
  of: Class,
  world: Pick<WorldModel, 'policies'>,
): (readonly ConditionModel[])[] {
  return world.policies.flatMap((policy) =>
    policy.rows
      .filter(
        (r) =>
          r.of.includes(type) &&
          meets(r.to, policy, of) &&
          (r.purposes === undefined || r.purposes.includes(of.purpose)),
      )
      .map((r) => r.when),
  );
}

/** The hotline, and who oversees an area. */
function seesReportsByPlace({ agency, role, purpose }: CallerModel): boolean {
  return (
    agency === 'hotline' ||
    `${role} ${purpose}` === 'AUDITOR AUDIT' ||
    `${role} ${purpose}` === 'SUPERVISOR SUPERVISION'
  );
}

/** Whether being listed by the condition tells more of a report than number, status, times, and that the caller's agency has part in it. */
function tellsHidden(condition: ConditionModel): boolean {
  const [name, args] =
    typeof condition === 'string' ? [condition, undefined] : (Object.entries(condition)[0] ?? ['', undefined]);
  switch (name) {
    case 'handlesTicket':
    case 'leadsTicket':
    case 'partyToTicket':
    case 'inHandlingUnit':
    case 'exactMatch':
    case 'inForce':
      return false;
    case 'all':
    case 'any':
      return (args as readonly ConditionModel[]).some(tellsHidden);
    case 'not':
      return negatedTells(args as ConditionModel);
    default:
      return (
        fieldsNamed(args).some((field) => !openOfReports.includes(field)) ||
        args === undefined ||
        name === 'ticketTypeIs'
      );
  }
}

/** Under a negation even one's own part tells of others'. */
function negatedTells(condition: ConditionModel): boolean {
  const [name, args] =
    typeof condition === 'string' ? [condition, undefined] : (Object.entries(condition)[0] ?? ['', undefined]);
  if (name === 'all' || name === 'any') return (args as readonly ConditionModel[]).some(negatedTells);
  if (name === 'not') return negatedTells(args as ConditionModel);
  return ['handlesTicket', 'leadsTicket', 'partyToTicket', 'inHandlingUnit'].includes(name) || tellsHidden(condition);
}

/** The record's fields that the arguments of a predicate name. */
function fieldsNamed(args: unknown): string[] {
  if (typeof args === 'string') return [args];
  if (Array.isArray(args)) return args.filter((a) => typeof a === 'string');
  if (typeof args !== 'object' || args === null) return [];
  const { field } = args as { readonly field?: unknown };
  return typeof field === 'string' ? [field] : [];
}

/** The same for a caller who asks for records: statistics count, and show none. */
export function knownRows(type: string, of: Class, world: Pick<WorldModel, 'policies'>): (readonly ConditionModel[])[] {
  return of.purpose === 'STATISTICS' ? [] : rowRulesOf(type, of, world);
}

/** Whether the caller may know of the record. `joined`: another record led to it, which never leads to a report. */
export function mayKnow(
  on: Judged,
  joined: boolean,
  caller: CallerModel,
  world: Pick<WorldModel, 'policies'>,
): boolean {
  const rules = knownRows(on.type, caller, world);
  const open = referenceTruth('reportInOwnUnit', on, caller);
  const met = anyOf(
    rules.map((when) => {
      const held = allOf(when.map((c) => referenceTruth(c, on, caller)));
      return on.type === 'Ticket' && !seesReportsByPlace(caller) && when.some(tellsHidden) ? allOf([open, held]) : held;
    }),
  );
  if (met !== true) return false;
  return !(joined && on.type === 'Ticket') || referenceTruth('reportInOwnUnit', on, caller) === true;
}

/** Whether every record gives the field plainly to the class: what lists may be sorted by. */
export function alwaysPlain(field: FieldModel, of: Class, world: Pick<WorldModel, 'policies' | 'schema'>): boolean {
  if (field.category === 'NONE' || guardsOf(field).some((g) => g !== 'exactMatch')) return false;
  const [line] = linesOn(field, of, world);
  return line?.gives.kind === 'plain' && constantOf({ all: line.when }) === true;
}

/** Whether a list may be filtered by the field at all: some line gives it plainly, and all of them judge the record alone. */
export function usableInFilter(field: FieldModel, of: Class, world: Pick<WorldModel, 'policies' | 'schema'>): boolean {
  if (field.category === 'NONE') return false;
  const lines = linesOn(field, of, world);
  return comparesRecordAlone(lines, field.type, (l) => l.gives.kind === 'plain');
}

/**
 * Whether a filtered list shows the record for a field of `usableInFilter`: a line gives it plainly, and no line above that
 * gives something else holds or is in doubt.
 */
export function plainForSure(
  field: FieldModel,
  on: Judged,
  caller: CallerModel,
  world: Pick<WorldModel, 'policies' | 'schema'>,
): boolean {
  const truth = (condition: ConditionModel): boolean | undefined => referenceTruth(condition, on, caller);
  if (!guardsOf(field).every((g) => truth(g) === true)) return false;
  for (const { when, gives } of linesOn(field, caller, world)) {
    const held = allOf(when.map(truth));
    if (gives.kind === 'plain' && held === true) return true;
    if (gives.kind !== 'plain' && held !== false) return false;
  }
  return false;
}

/** Whether a list may be filtered by equality with the field although it does not show. */
export function usableInMatch(field: FieldModel, of: Class, world: Pick<WorldModel, 'policies' | 'schema'>): boolean {
  return field.category !== 'NONE' && comparesRecordAlone(matchLines(field, of, world), field.type, () => true);
}

/** Whether the caller may find this record by the field's value. */
export function mayMatch(
  field: FieldModel,
  on: Judged,
  caller: CallerModel,
  world: Pick<WorldModel, 'policies' | 'schema'>,
): boolean {
  const truth = (condition: ConditionModel): boolean => referenceTruth(condition, on, caller) === true;
  return guardsOf(field).every(truth) && matchLines(field, caller, world).some((l) => l.when.every(truth));
}

/** The lines that let the class compare the field. */
export function matchLines(field: FieldModel, of: Class, world: Pick<WorldModel, 'policies' | 'schema'>): Line[] {
  return rightLines('match', field, of, world);
}

/** The lines that let the class compare the field, or count by it. */
export function rightLines(
  right: 'match' | 'count',
  field: FieldModel,
  of: Class,
  world: Pick<WorldModel, 'policies' | 'schema'>,
): Line[] {
  const policy = world.policies.find((p) => p.agency === field.owner);
  return (policy?.grants ?? []).flatMap((grant): Line[] => {
    if (policy === undefined || !meets(grant.to, policy, of) || !grant.purposes.includes(of.purpose)) return [];
    if (!grant[right].includes(`${field.type}.${field.name}`)) return [];
    const when = [...periodOf(grant), ...grant.when];
    const line: Line = { rule: `${policy.agency}/${grant.id}`, when, gives: { kind: 'plain' } };
    return constantOf({ all: when }) === false ? [] : [line];
  });
}

function comparesRecordAlone(lines: readonly Line[], type: string, gives: (line: Line) => boolean): boolean {
  const end = lines.findIndex((l) => constantOf({ all: l.when }) === true);
  const reached = end < 0 ? lines : lines.slice(0, end + 1);
  return reached.some(gives) && reached.every((l) => l.when.every((c) => judgesRecordAlone(c, type)));
}

const aboutTheRecord = new Set([
  'inOwnArea',
  'inOwnGrid',
  'namesOwnAgency',
  'listsOwnAgency',
  'notConfidential',
  'recordIs',
  'withinDays',
  'inForce',
]);

export function judgesRecordAlone(condition: ConditionModel, type: string): boolean {
  const [name, args]: [string, unknown] =
    typeof condition === 'string' ? [condition, undefined] : (Object.entries(condition)[0] ?? ['', undefined]);
  switch (name) {
    case 'all':
    case 'any':
      return (args as readonly ConditionModel[]).every((c) => judgesRecordAlone(c, type));
    case 'not':
      return judgesRecordAlone(args as ConditionModel, type);
    case 'exactMatch':
      return false;
    default:
      return type === 'Ticket' || aboutTheRecord.has(name);
  }
}

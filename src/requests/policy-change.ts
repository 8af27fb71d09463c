import { decide } from '../access/decide.ts';
import { parsePolicy, type ParsedPolicy } from '../access/policy-file.ts';
import { compilePolicy, type Policy } from '../access/policy.ts';
import { ConfigurationError, printProblem } from '../access/problem.ts';
import type { Contract, JudgedPolicies } from '../hub/house.ts';
import { accessClasses, callingAgencies, printClass } from '../policy/classes.ts';
import { diffSteps, type PolicyChange } from '../policy/diff.ts';
import { printDiff } from '../policy/print.ts';
import type { Steps } from '../policy/turns.ts';
import type { Application, GrantTerms } from './application.ts';
import { shadows } from './carried-out.ts';
import { classesOf, compileGrant, grantItem, grantYaml, typesOf, type GrantItem } from './grant.ts';
import { insertGrant } from './insert-grant.ts';

/** A yes as a change of the owner's policy, for a person to review and merge. The hub puts none in force. */
export interface ProposedChange {
  readonly file: string;
  /** The grant alone. */
  readonly grant: string;
  /** The id of the grant that it must stand above; null: at the end of the list. */
  readonly above: string | null;
  /** The whole file with the grant in its place. */
  readonly changedFile: string;
  /** What keeps the grant from being merged as it is: then there is no difference to tell. */
  readonly problems: readonly string[];
  /** What keeps it from giving anything although it is valid. */
  readonly warnings: readonly string[];
  readonly before: string;
  readonly after: string | null;
  readonly changes: readonly PolicyChange[];
  /** The changes as a Markdown table. */
  readonly markdown: string;
}

type Merged = Pick<ProposedChange, 'file' | 'grant' | 'above' | 'changedFile' | 'problems'> & {
  readonly policy: Policy | null;
};

/** The change that these terms of the application mean, with its difference by the real compiler. */
export function* proposedChange(
  application: Pick<Application, 'number' | 'applicant' | 'owner' | 'content'>,
  terms: GrantTerms & { readonly law: string },
  contract: Contract,
  current: JudgedPolicies,
): Steps<ProposedChange> {
  const { policy: next, ...merged } = mergeGrant(application, terms, contract, current);
  const { applicant, content } = application;
  const { version } = current.policy;
  const nothing = { before: version, after: null, changes: [], markdown: '', warnings: [] };
  if (next === null) return { ...merged, ...nothing };
  const { facts, agencies } = contract;
  const classes = accessClasses(callingAgencies([...agencies, applicant], current.policy, next));
  const changes = yield* diffSteps({ policy: current.policy, facts }, { policy: next, facts }, classes);
  const versions = { before: version, after: next.version };
  return {
    ...merged,
    ...versions,
    changes,
    markdown: printDiff(changes, versions, true),
    warnings: warningsOf(applicant, content, terms, contract, next),
  };
}

/** The owner's file with the grant in its place, compiled together with everybody's. */
export function mergeGrant(
  { number, applicant, owner, content }: Pick<Application, 'number' | 'applicant' | 'owner' | 'content'>,
  terms: GrantTerms & { readonly law: string },
  { facts, sdl }: Contract,
  current: JudgedPolicies,
): Merged {
  const old = current.parsed.find((p) => p.value.agency === owner);
  const grant = grantItem(number.toLowerCase(), applicant, content, terms, terms.law);
  if (old === undefined) {
    const nowhere = { file: '', grant: grantYaml(grant), above: null, changedFile: '', policy: null };
    return { ...nowhere, problems: [`${owner} takes no part in this hub now, so that it has no policy here`] };
  }
  const base = { file: old.file, grant: grantYaml(grant), above: null, changedFile: old.text };
  const there = old.value.grants.some((g) => g.id === grant.id);
  if (there) return { ...base, problems: [], policy: current.policy };
  const alone = compileGrant(owner, grant, facts);
  if ('problems' in alone) return { ...base, problems: alone.problems.map((p) => p.message), policy: null };
  const index = placeOf(grant, classesOf(applicant, content), terms, alone.policy, current.policy, old);
  const above = old.value.grants[index]?.id ?? null;
  const changedFile = insertGrant(old.text, old.file, grant, index);
  try {
    const parsed = current.parsed.map((p) => (p === old ? parsePolicy(changedFile, old.file) : p));
    const policy = compilePolicy(
      parsed,
      facts,
      sdl.map((m) => m.sdl),
    );
    return { ...base, above, changedFile, problems: [], policy };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { ...base, above, changedFile, problems: error.problems.map(printProblem), policy: null };
  }
}

/**
 * Where the grant belongs: the first line that names a field and holds decides, so it stands above the first that gives
 * any of its callers less of any of its fields.
 */
function placeOf(
  grant: GrantItem,
  classes: ReturnType<typeof classesOf>,
  terms: GrantTerms,
  alone: Policy,
  policy: Policy,
  { value }: ParsedPolicy,
): number {
  const places = classes.flatMap((of) =>
    terms.fields.flatMap(({ coordinate }) => {
      const [wanted] = alone.rulesFor(coordinate, of);
      const line = wanted === undefined ? undefined : policy.rulesFor(coordinate, of).find((l) => shadows(l, wanted));
      const place = value.grants.findIndex((g) => `${value.agency}/${g.id}` === line?.id);
      return place < 0 || grant.id === value.grants[place]?.id ? [] : [place];
    }),
  );
  return Math.min(value.grants.length, ...places);
}

function warningsOf(
  agency: string,
  content: Application['content'],
  terms: GrantTerms,
  { facts, registry }: Contract,
  policy: Policy,
): string[] {
  return typesOf(terms.fields)
    .filter((type) => registry.entity(type) !== undefined)
    .flatMap((type) =>
      classesOf(agency, content).flatMap((of) => {
        if (policy.rowsFor(type, of) === null)
          return [`no row rule shows a record of ${type} to ${printClass(of)}: add one under rows`];
        const hidden = facts
          .fieldsOf(type)
          .filter((f) => f.nonNull && decide(f, of, policy, false).kind === 'deny')
          .map((f) => f.coordinate);
        return hidden.map((key) => `${key} is denied to ${printClass(of)}, which hides the whole record: grant it too`);
      }),
    );
}

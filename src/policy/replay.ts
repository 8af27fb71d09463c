import { printCondition } from '../access/condition.ts';
import { decide, decideRight } from '../access/decide.ts';
import { schemaFacts, type FieldFacts, type SchemaFacts } from '../access/facts.ts';
import type { Decision } from '../access/plan.ts';
import { parsePolicy } from '../access/policy-file.ts';
import { compilePolicy, type AccessClass, type Outcome, type Policy } from '../access/policy.ts';
import type { DecisionEntry } from '../audit/read-entry.ts';
import { parseDateTime } from '../codes/date-time.ts';
import { policyAsOf } from './as-of.ts';
import type { PolicyVersion } from './history.ts';
import { rowsText } from './verdict.ts';

/**
 * `AGREES`: the policy of that time says so of every record that the caller could know of. `CONDITIONAL`: it says so where the conditions hold (or, for a
 * denial, where one does not). `DISAGREES`: it never says so.
 */
export type Agreement = 'AGREES' | 'CONDITIONAL' | 'DISAGREES';

/** One recorded decision beside what that day's policy says. */
export interface ReplayedField {
  readonly coordinate: string;
  /** `plain`, `mask NAME` or `deny`, as it was recorded. */
  readonly recorded: string;
  /** `agency/grant`; null for a denial, and where the entry did not keep it. */
  readonly rule: string | null;
  readonly agreement: Agreement;
  /** The conditions that the recorded decision rested on, in the policy's words. */
  readonly conditions: readonly string[];
  /** Of a given field: which records of its type the caller could know of, `none` and `all` included; null for a denial, and for a part of another record, which has no row rules. */
  readonly rows: string | null;
}

/** A version from the history, compiled again. Throws when its texts are not the ones that its name stands for. */
export function recompile(stored: PolicyVersion): { readonly policy: Policy; readonly facts: SchemaFacts } {
  const facts = schemaFacts(stored.sdl);
  const policy = compilePolicy(
    stored.policies.map((p) => parsePolicy(p.text, p.file)),
    facts,
    stored.sdl.map((m) => m.sdl),
  );
  if (policy.version !== stored.version)
    throw new Error(`the texts kept as version ${stored.version} were altered: they make version ${policy.version}`);
  return { policy, facts };
}

/** Decides each field of the entry again by the policy of its version, as it stood when it was made. Fetches nothing. */
export function replay(entry: DecisionEntry, version: Policy, facts: SchemaFacts): ReplayedField[] {
  const policy = policyAsOf(version, parseDateTime(entry.at));
  const lines = new Set(entry.given.map((g) => g.coordinate));
  return [
    ...entry.given.map((g) => replayGiven(g, entry.of, policy, facts)),
    // Entries of the first form name the fields without the lines that gave them.
    ...entry.disclosed
      .filter((c) => !lines.has(c))
      .map((c) => replayGiven({ coordinate: c, rule: null, mask: null }, entry.of, policy, facts)),
    ...entry.denied.map((c) => replayDenied(c, entry.of, policy, facts)),
  ].toSorted((a, b) => (`${a.coordinate} ${a.recorded}` < `${b.coordinate} ${b.recorded}` ? -1 : 1));
}

function replayGiven(
  {
    coordinate,
    rule,
    mask,
  }: { readonly coordinate: string; readonly rule: string | null; readonly mask: string | null },
  of: AccessClass,
  policy: Policy,
  facts: SchemaFacts,
): ReplayedField {
  const recorded = rule === null ? 'given' : mask === null ? 'plain' : `mask ${mask}`;
  const field = facts.fields.get(coordinate);
  const rows = field === undefined ? null : rowsOf(field.type, of, policy);
  const about = { coordinate, recorded, rule, rows };
  // A record of which the caller can know none gives nothing, whatever the lines on its fields say.
  if (rows === 'none') return { ...about, agreement: 'DISAGREES', conditions: [] };
  const decision: Decision =
    field === undefined
      ? { kind: 'deny' }
      : of.purpose === 'STATISTICS'
        ? decideRight('count', field, of, policy)
        : decide(field, of, policy, false);
  const fits = (id: string, outcome: Outcome): boolean =>
    rule === null
      ? outcome.kind !== 'deny'
      : id === rule && (outcomeText(outcome) === recorded || secretly(field, outcome, mask));
  switch (decision.kind) {
    case 'deny':
      return { ...about, agreement: 'DISAGREES', conditions: [] };
    case 'give':
      return { ...about, agreement: fits(decision.rule, decision.outcome) ? 'AGREES' : 'DISAGREES', conditions: [] };
    case 'depends': {
      const found = decision.rules.find((r) => fits(r.id, r.outcome));
      if (found === undefined) return { ...about, agreement: 'DISAGREES', conditions: [] };
      const conditions = [...decision.guards, found.when].map(printCondition).filter((c) => c !== 'always');
      // The first line that always holds, with no guard above and no line before it.
      const surely = conditions.length === 0 && found === decision.rules[0];
      return { ...about, agreement: surely ? 'AGREES' : 'CONDITIONAL', conditions };
    }
  }
}

function replayDenied(coordinate: string, of: AccessClass, policy: Policy, facts: SchemaFacts): ReplayedField {
  const about = { coordinate, recorded: 'deny', rule: null, rows: null };
  const field = facts.fields.get(coordinate);
  // A fuzzy match may have led there: the entry does not say.
  const decision: Decision = field === undefined ? { kind: 'deny' } : decide(field, of, policy, true);
  if (decision.kind === 'deny' || (field !== undefined && leadsNowhere(field, of, policy, facts)))
    return { ...about, agreement: 'AGREES', conditions: [] };
  if (decision.kind === 'depends') {
    const conditions = [...decision.guards, ...decision.rules.map((r) => r.when)].map(printCondition);
    return { ...about, agreement: 'CONDITIONAL', conditions: [...new Set(conditions.filter((c) => c !== 'always'))] };
  }
  return ofSomebody(field)
    ? { ...about, agreement: 'CONDITIONAL', conditions: ['reporterNotSecret'] }
    : { ...about, agreement: 'DISAGREES', conditions: [] };
}

/** A text that a grant gives whole is redacted all the same where the ticket's reporter asked for secrecy. */
function secretly(field: FieldFacts | undefined, outcome: Outcome, mask: string | null): boolean {
  return field?.personal === 'FREE_TEXT' && outcome.kind === 'plain' && mask === 'redacted';
}

/** A person whom the secrecy of the ticket's reporter covers. */
function ofSomebody(field: FieldFacts | undefined): boolean {
  return field !== undefined && field.type !== 'Ticket' && !field.official && field.personal !== null;
}

/** A relation to records of which the class may know none, perhaps in a connection or a match wrapper. */
function leadsNowhere(field: FieldFacts, of: AccessClass, policy: Policy, facts: SchemaFacts): boolean {
  const type = field.of.replace(/Connection$/, '');
  const types = policy.allRows(type).length > 0 ? [type] : facts.fieldsOf(type).map((f) => f.of);
  return types.some(
    (t) => policy.allRows(t).length > 0 && (of.purpose === 'STATISTICS' || rowsOf(t, of, policy) === 'none'),
  );
}

/** Which records of the type the class may know of; null where the type has no row rules, being a part of other records. */
function rowsOf(type: string, of: AccessClass, policy: Policy): string | null {
  if (policy.allRows(type).length === 0) return null;
  const rows = rowsText(type, of, policy);
  return rows === 'never' ? 'none' : rows;
}

function outcomeText(outcome: Outcome): string {
  return outcome.kind === 'mask' ? `mask ${outcome.mask}` : outcome.kind;
}

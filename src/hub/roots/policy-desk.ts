import { createHash } from 'node:crypto';
import { schemaFacts } from '../../access/facts.ts';
import type { Policy } from '../../access/policy.ts';
import { suggestion } from '../../access/suggestion.ts';
import { formatDateTime } from '../../codes/date-time.ts';
import type { EntitySource } from '../../connector/connector.ts';
import { codedError } from '../../errors/coded-error.ts';
import { checkedPolicy, type CheckedPolicy } from '../../policy/check.ts';
import { endedAlready } from '../../policy/expired.ts';
import type { PolicyHistory } from '../../policy/history.ts';
import { createTurns, type Steps, type Turns } from '../../policy/turns.ts';
import { ticketRowsOnConnections } from '../check-connections.ts';
import { filterProblems } from '../check-filters.ts';
import { joinProblems } from '../check-joins.ts';
import type { Contract } from '../house.ts';
import { policyFileOf } from '../modules.ts';
import type { PolicyInForce } from '../policy-in-force.ts';
import type { Arguments } from './arguments.ts';
import { judgeSteps, type Judged } from './judged-policy.ts';
import { createKept } from './kept.ts';

/** What a steward's tools work on: policies in force, of old, and proposed. */
export interface PolicyDesk {
  /** Whose connectors take part here, the hub's own log among them. */
  readonly agencies: readonly string[];
  readonly turns: Turns;
  inForce(): CheckedPolicy;
  /** A version that was in force once. Throws `NOT_FOUND` for one that never was. */
  ofVersion(version: string): Promise<Judged>;
  /** The policies in force with these texts in their place; those in force where there are none. */
  proposed(texts: readonly ProposedText[], at: number): Promise<Judged>;
}

export interface ProposedText {
  readonly agency: string;
  readonly text: string;
}

export interface PolicyDeskParts {
  readonly contract: Contract;
  readonly policies: PolicyInForce;
  readonly history: PolicyHistory;
  readonly source: (type: string) => EntitySource | undefined;
}

/**
 * Bytes of all proposed texts together: several times what the largest policy has. Reading YAML cannot be interrupted,
 * and this much holds the process up for some 50 ms; larger files are compared by the command.
 */
const maxProposedBytes = 65_536;

export function createPolicyDesk({ contract, policies, history, source }: PolicyDeskParts): PolicyDesk {
  const { facts, registry } = contract;
  const agencies = [...contract.agencies, 'audit'];
  const sdl = contract.sdl.map((m) => m.sdl);
  const turns = createTurns();
  const kept = createKept<Judged>(8);
  const inForce = (): CheckedPolicy => checkedPolicy({ ...policies.current, facts, registry });

  function* old(version: string): Steps<Judged> {
    const found = history.read(version);
    if (found === null)
      throw codedError('NOT_FOUND', 'no such version of the policies was ever in force here; see policyVersions');
    yield;
    const then = schemaFacts(found.sdl);
    yield;
    const { entities, paged, joinReads } = inForce();
    const about = { facts: then, sdl: found.sdl.map((m) => m.sdl), entities, paged, joinReads };
    const unfit = (policy: Policy) =>
      policy.version === version
        ? []
        : [{ file: `policies/${version}.json`, message: 'was altered: its texts make another version' }];
    return yield* judgeSteps({ ...about, texts: found.policies, unfit });
  }

  function* withTexts(texts: readonly ProposedText[], today: string): Steps<Judged> {
    const now = inForce();
    const byAgency = new Map(texts.map((t) => [t.agency, t.text]));
    const files = agencies.map((agency) => {
      const file = policyFileOf(agency);
      const text = byAgency.get(agency) ?? now.parsed.find((p) => p.value.agency === agency)?.text ?? '';
      return { agency, file, text };
    });
    const unfit = (policy: Policy, parsed: CheckedPolicy['parsed']) => [
      ...joinProblems(registry, facts, policy),
      ...filterProblems(registry, policy, source),
      ...ticketRowsOnConnections(registry, policy),
      ...endedAlready(parsed, now.parsed, today),
    ];
    return yield* judgeSteps({ ...now, sdl, texts: files, unfit });
  }

  return {
    agencies,
    turns,
    inForce,
    async ofVersion(version) {
      if (version === policies.current.policy.version) return { kind: 'policy', checked: inForce() };
      return kept(version, () => turns.take(old(version)));
    },
    async proposed(texts, at) {
      if (texts.length === 0) return { kind: 'policy', checked: inForce() };
      checkTexts(texts, agencies);
      const today = dayOf(at);
      const key = JSON.stringify([policies.current.policy.version, today, digestOf(texts)]);
      return kept(key, () => turns.take(withTexts(texts, today)));
    },
  };
}

/** The day at the hub, YYYY-MM-DD, of a time in epoch milliseconds. */
export function dayOf(at: number): string {
  return formatDateTime(at).slice(0, 10);
}

/** The argument `proposed`; empty where it was left out. */
export function proposedOf(args: Arguments): readonly ProposedText[] {
  const { proposed } = args;
  return Array.isArray(proposed)
    ? proposed.map(({ agency, text }: ProposedText): ProposedText => ({ agency, text }))
    : [];
}

/** A name for the texts, for what is kept by them. */
export function digestOf(texts: readonly ProposedText[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}

function checkTexts(texts: readonly ProposedText[], agencies: readonly string[]): void {
  const bytes = texts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes > maxProposedBytes)
    throw codedError(
      'LIMIT_EXCEEDED',
      `the proposed texts may have ${maxProposedBytes} bytes together; compare larger ones with lianqiao policy diff`,
      { extensions: { limit: 'proposedBytes', max: maxProposedBytes } },
    );
  for (const [i, { agency }] of texts.entries()) {
    if (!agencies.includes(agency))
      throw codedError('BAD_USER_INPUT', `proposed: there is no such agency.${suggestion(agency, agencies)}`);
    if (texts.findIndex((t) => t.agency === agency) !== i)
      throw codedError('BAD_USER_INPUT', `proposed: ${agency} stands twice; give its whole text once`);
  }
}

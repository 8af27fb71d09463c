import { z } from 'zod';
import { canonicalTicketNo } from '../../codes/ticket-no.ts';
import { canonicalJson } from '../../ledger/format/canonical-json.ts';
import type { EvidenceDocuments } from './evidence-documents.ts';
import { EvidenceError, type AskHub, type HubAnswer } from './hub-client.ts';
import type { BundleFile, BundleSubject } from './manifest.ts';

const parts = ['ticket', 'task', 'handoffs', 'trace', 'findings', 'disclosures', 'policies', 'documents'] as const;

/** The files of a bundle beside its manifest. */
export const evidenceFiles: readonly string[] = parts.map(fileOf);

export interface Evidence {
  readonly subject: BundleSubject;
  readonly files: readonly BundleFile[];
}

const page = z.object({
  nodes: z.array(z.unknown()),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
});
const ticket = z.looseObject({ ticketNo: z.string(), receivedAt: z.string().nullish() });
const versions = z.array(z.object({ version: z.string(), since: z.string(), until: z.string().nullable() }));

/**
 * Asks the hub for all that the caller may see of one ticket: as it stands, and the disclosures before `asOf`. Rejects with
 * `EvidenceError` where anything is missing, or the policy changed in between.
 */
export async function gatherEvidence(
  ask: AskHub,
  documents: EvidenceDocuments,
  asked: { readonly ticketNo: string; readonly asOf: string },
): Promise<Evidence> {
  const { asOf } = asked;
  const ticketNo = canonicalTicketNo(asked.ticketNo);
  const first = await ask(documents.ticket, { ticketNo }, ['ticketTask']);
  const askOn: AskHub = async (...question) => {
    const answer = await ask(...question);
    if (answer.policyVersion !== first.policyVersion)
      throw new EvidenceError(
        'the sharing policy changed meanwhile, so that no one policy gave all answers; try again',
      );
    return answer;
  };
  const { handoffs, trace, ...own } = ticket.parse(first.data['ticket']);
  const findings = await pagesOf('handoffFindings', (after) => askOn(documents.findings, { ticketNo, after }));
  const disclosures = await pagesOf('disclosures', (after) =>
    // Who read a report (举报) stays in its handling unit.
    askOn(documents.disclosures, { ticketNo, before: asOf, after }, ['disclosures']),
  );
  const policies = await policiesSince(own.receivedAt ?? null, asOf, askOn, documents);
  const found: Readonly<Record<(typeof parts)[number], unknown>> = {
    ticket: own,
    task: first.data['ticketTask'],
    handoffs,
    trace,
    findings,
    disclosures,
    policies,
    documents,
  };
  return {
    subject: { ticketNo: own.ticketNo, asOf, policyVersion: first.policyVersion },
    files: parts.map((part) => ({ name: fileOf(part), bytes: canonicalJson(found[part] ?? null) })),
  };
}

/** All pages of a root; null where the caller must not see it. */
async function pagesOf(
  root: string,
  load: (after: string | null) => Promise<HubAnswer>,
): Promise<readonly unknown[] | null> {
  const all: unknown[] = [];
  let after: string | null = null;
  do {
    const { data }: HubAnswer = await load(after);
    if (data[root] === null) return null;
    const { nodes, pageInfo }: z.infer<typeof page> = page.parse(data[root]);
    all.push(...nodes);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return all;
}

/** The policies that were in force between the two times; from the first one on where the ticket's own time is not given. */
async function policiesSince(
  from: string | null,
  until: string,
  ask: AskHub,
  documents: EvidenceDocuments,
): Promise<z.infer<typeof versions>> {
  const all: z.infer<typeof versions> = [];
  let before: string | null = null;
  for (;;) {
    const { data } = await ask(documents.policies, { before });
    const older = versions.parse(data['policyVersions']);
    all.push(...older.filter((v) => v.since <= until && (v.until === null || from === null || v.until > from)));
    const last = older.at(-1);
    if (last === undefined || (from !== null && last.since <= from)) return all;
    before = last.since;
  }
}

function fileOf(part: (typeof parts)[number]): string {
  return `${part}.json`;
}

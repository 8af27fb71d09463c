import type { ReceiptDeclaration, RelationDeclaration } from './connector.ts';
import type { SourceDeclaration } from './source.ts';

/** What every record of a receipt says, beside its own key: under these names, whatever the agency's system calls them. */
export const receiptFields = ['ticketNo', 'caseNo', 'from', 'receivedAt', 'answeredAt'] as const;

interface Declared {
  readonly agency: string;
  readonly sources: readonly SourceDeclaration[];
  readonly relations: readonly RelationDeclaration[];
  readonly receipts?: ReceiptDeclaration;
}

/** Throws `TypeError` where an agency's receipts could not be compared: by what they lack. */
export function checkReceipts({ agency, sources, relations, receipts }: Declared): void {
  if (receipts === undefined) return;
  const what = `the receipts of ${agency}`;
  const relation = relations.find((r) => r.on === 'Ticket' && r.field === receipts.field);
  if (relation === undefined) throw new TypeError(`${what} are Ticket.${receipts.field}, which it does not declare`);
  const byNumber = relation.by.length === 1 && relation.by[0]?.parent === 'ticketNo' && relation.by[0].as === 'plain';
  if (relation.shape.kind !== 'list' || !byNumber || relation.by[0]?.child !== 'ticketNo')
    throw new TypeError(`${what} must be a list that is found by ticketNo alone`);
  const entity = sources.flatMap((s) => s.entities).find((e) => e.type === relation.to);
  if (entity === undefined) throw new TypeError(`${what}: no source of its own has ${relation.to}`);
  const lacking = receiptFields.find((field) => entity.mapping[field] === undefined);
  if (lacking !== undefined) throw new TypeError(`${what}: ${relation.to} lacks the field ${lacking}`);
}

import type { Principal, Purpose, Role } from '../identity/principal.ts';

/** Who asks a root field of the hub's own, and when. */
export interface RootCaller {
  readonly principal: Principal;
  /** `Lianqiao-Purpose`; null where none was sent: these fields need none. */
  readonly purpose: Purpose | null;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Names a record that the answer gives, or that was written, for the ledger: type, owning agency, id. */
  record(type: string, owner: string, id: string): void;
  /** The ticket is a report (举报): that it was read or acted on stays in its handling unit. */
  seal(ticketNo: string): void;
}

/**
 * A root field that the hub answers itself, from policy, catalogue and its own books: no agency's record is in it. It
 * stands in an SDL module of the agency `hub`.
 */
export interface HubRoot {
  readonly operation: 'query' | 'mutation';
  readonly field: string;
  /** Who may ask; `anyone` is every identified caller. */
  readonly roles: readonly Role[] | 'anyone';
  /** The value in the schema's names: plain objects, no `@` slots. Throws coded errors. */
  answer(args: Readonly<Record<string, unknown>>, caller: RootCaller): unknown;
}

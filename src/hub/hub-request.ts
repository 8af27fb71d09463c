import type { Principal } from '../identity/principal.ts';

/** An operation as a transport received it. */
export interface HubRequest {
  readonly principal: Principal;
  readonly query: string;
  /** SHA-256 of the text that its sender wrote, hex, where `query` was made from that. */
  readonly documentHash?: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  /** `Lianqiao-Purpose`, `Lianqiao-Ticket`, `Lianqiao-Reason`; null where not sent. */
  readonly purpose: string | null;
  readonly ticket: string | null;
  readonly reason: string | null;
  /** Whether the transport lets it change anything: not so for GET (RFC 9110, 9.2.1). */
  readonly mayChange: boolean;
}

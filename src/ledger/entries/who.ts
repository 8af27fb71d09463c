import type { Principal, Purpose } from '../../identity/principal.ts';
import { Commitments } from '../commitments.ts';
import type { KeptOpening } from '../writer/pending-entry.ts';

/** Who asks, for what, with which text. */
export interface Asking {
  readonly principal: Principal;
  readonly purpose: Purpose | null;
  /** `Lianqiao-Reason` of an emergency. */
  readonly reason: string | null;
  /** SHA-256 of the query's text, hex. */
  readonly documentHash: string;
  readonly policyVersion: string;
}

/** The same for all entries of one request, so that they are told to be of one without a name. */
export interface Who {
  /** Members of a body, as canonical JSON without braces: `"by":{…}` and the rest by their names. */
  readonly by: string;
  readonly purpose: string;
  readonly reason: string;
  readonly openings: readonly KeptOpening[];
}

/** Persons stand as commitments: subject and operator, and the words of a reason. */
export function whoOf({ principal, purpose, reason }: Asking): Who {
  const commitments = new Commitments();
  const committed = (value: string | null): string => (value === null ? 'null' : `"${commitments.to(value)}"`);
  const { agency, areas, grids, issuer, operator, role, subject, tokenId, unit } = principal;
  return {
    by: `"by":{"agency":${plain(agency)},"areas":${plain(areas)},"grids":${plain(grids)},"issuer":${plain(issuer)},"operator":${committed(operator)},"role":${plain(role)},"subject":${committed(subject)},"tokenId":${plain(tokenId)},"unit":${plain(unit)}}`,
    purpose: `"purpose":${text(purpose)}`,
    reason: `"reason":${committed(reason)}`,
    openings: commitments.openings,
  };
}

/**
 * Of strings, lists of them and null JSON text is canonical (RFC 8785) as it is; half of a surrogate pair, which is no
 * text, becomes U+FFFD.
 */
export function text(value: string | readonly string[] | null): string {
  const written = JSON.stringify(value);
  if (!written.includes('\\ud')) return written;
  return JSON.stringify(
    typeof value === 'string' ? value.toWellFormed() : (value?.map((one) => one.toWellFormed()) ?? null),
  );
}

/** What a token says, as it is. One that reads like a commitment would have every verifier look for its opening. */
function plain(value: string | readonly string[] | null): string {
  const written = text(value);
  if (written.includes('"hmac-sha256:'))
    throw new RangeError('a token says what reads like a commitment of the ledger');
  return written;
}

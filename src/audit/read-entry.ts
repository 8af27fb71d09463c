import Database from 'better-sqlite3';
import { z } from 'zod';
import { purposes, roles } from '../identity/principal.ts';

const list = z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text)));
const given = z
  .string()
  .transform((text) =>
    z
      .array(z.object({ coordinate: z.string(), rule: z.string(), mask: z.string().nullable() }))
      .parse(JSON.parse(text)),
  );

const row = z.object({
  disclosure_no: z.string(),
  at: z.string(),
  agency: z.string(),
  role: z.enum(roles),
  purpose: z.enum(purposes).nullable(),
  policy_version: z.string(),
  disclosed: list,
  denied: list,
  given,
});

/** What an entry of the log says of the decisions behind one answer. */
export interface DecisionEntry {
  readonly disclosureNo: string;
  /** RFC 3339, +08:00. */
  readonly at: string;
  readonly of: {
    readonly agency: string;
    readonly role: (typeof roles)[number];
    readonly purpose: (typeof purposes)[number] | null;
  };
  readonly policyVersion: string;
  readonly disclosed: readonly string[];
  readonly denied: readonly string[];
  readonly given: readonly { readonly coordinate: string; readonly rule: string; readonly mask: string | null }[];
}

/** The entry of this number from the log's file, or null where it has none. Throws when the file is no log. */
export function readDecisionEntry(file: string, disclosureNo: string): DecisionEntry | null {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const found = db.prepare('SELECT * FROM disclosure WHERE disclosure_no = ?').get(disclosureNo);
    if (found === undefined) return null;
    const {
      disclosure_no,
      at,
      agency,
      role,
      purpose,
      policy_version,
      disclosed,
      denied,
      given: lines,
    } = row.parse(found);
    return {
      disclosureNo: disclosure_no,
      at,
      of: { agency, role, purpose },
      policyVersion: policy_version,
      disclosed,
      denied,
      given: lines,
    };
  } finally {
    db.close();
  }
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TrustedKey } from '../../../src/ledger/format/trusted-keys.ts';
import { verifyExport, type ExportOptions, type ExportReport } from '../../../src/ledger/verify/verify-export.ts';

interface Finding {
  readonly code: string;
  readonly file: string;
  readonly seq: number | null;
}
interface Second {
  readonly readKeys: (text: string) => readonly TrustedKey[];
  readonly verifyLedger: (
    path: string,
    options: {
      readonly keys: readonly TrustedKey[] | null;
      readonly heads: string | null;
      readonly now?: number;
      readonly strict?: boolean;
      readonly segment?: boolean;
    },
  ) => { readonly verdict: string; readonly findings: readonly Finding[] };
}

/** Where the second verifier stands: it is a program for auditors and not part of the hub. */
export const SECOND_VERIFIER = new URL('../../../deploy/verify-ledger.mjs', import.meta.url);
const second = (await import(SECOND_VERIFIER.href)) as Second;

/** The set of what was found, without its place in the file. */
const setOf = (findings: readonly Finding[]): string[] =>
  [...new Set(findings.map(({ code, file, seq }) => `${code} ${file} ${seq}`))].sort();

/** Asks both verifiers, which must agree on the verdict and on all that they found; the report of the first. */
export async function verifyBoth(path: string, options: ExportOptions): Promise<ExportReport> {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-heads-'));
  try {
    const { heads: headLines, keys: trusted, ...rest } = options;
    const keys = trusted === null ? null : second.readKeys(JSON.stringify({ v: 1, keys: trusted }));
    const heads = headLines === undefined || headLines === null ? null : join(folder, 'heads.jsonl');
    if (heads !== null && headLines) writeFileSync(heads, headLines);
    const first = await verifyExport(path, options);
    const other = second.verifyLedger(path, { ...rest, keys, heads });
    expect({ verdict: other.verdict, findings: setOf(other.findings) }).toEqual({
      verdict: first.verdict,
      findings: setOf(first.findings),
    });
    return first;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

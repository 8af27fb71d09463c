import { join } from 'node:path';
import { openLedgerFile } from '../../../src/ledger/export/ledger-file.ts';
import { trustedKeysOf } from '../../../src/ledger/export/trusted-keys-of.ts';
import { writeExport } from '../../../src/ledger/export/write-export.ts';
import type { TrustedKey } from '../../../src/ledger/format/trusted-keys.ts';
import type { ExportReport } from '../../../src/ledger/verify/verify-export.ts';
import { verifyBoth } from './both-verifiers.ts';

let exports = 0;

/** What the verifier says of each log of a data folder, exported into another folder, under the keys that the ledger has. */
export async function verifiedLedger(
  dataDir: string,
  into: string,
  keys?: readonly TrustedKey[],
): Promise<readonly ExportReport[]> {
  const file = openLedgerFile(join(dataDir, 'ledger.db'));
  try {
    const trusted = keys ?? trustedKeysOf(file.keys(), []).keys;
    const reports: ExportReport[] = [];
    for (const log of file.logs()) {
      const path = join(into, `${log.log}-${(exports += 1)}.jsonl`);
      if ((await writeExport(file, { path, log, openings: true })) === null) continue;
      reports.push(await verifyBoth(path, { keys: trusted, strict: true }));
    }
    return reports;
  } finally {
    file.close();
  }
}

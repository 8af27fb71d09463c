import type { Disclosure } from './disclosure.ts';
import { intentEntry, type Intent } from './entries/intent.ts';
import { outcomeEntry, refusedEntry } from './entries/outcome.ts';
import { whoOf } from './entries/who.ts';
import type { GroupCommit } from './writer/group-commit.ts';

/** One request in the ledger, from its intent on. */
export interface LedgerRequest {
  /** What the answer disclosed, one entry or, with reports (举报) beside others, two. Resolves once they are durable. */
  answered(disclosures: readonly Disclosure[]): Promise<void>;
  /** It was refused after all: nothing was disclosed. `code` is the error's. */
  refused(code: string): Promise<void>;
}

/** Who was given what, in a log that is only added to. All reject with `LedgerUnavailableError`. */
export interface Ledger {
  /** Resolves once the intent is durable: no source is asked before. */
  intend(intent: Intent): Promise<LedgerRequest>;
}

/** `ownerOf` tells which agency a coordinate (`Type.field`) is of. */
export function createLedger(commits: Pick<GroupCommit, 'append'>, ownerOf: (coordinate: string) => string): Ledger {
  return {
    async intend(intent) {
      const who = whoOf(intent);
      const seq = await commits.append(intentEntry(intent, who));
      return {
        async answered(disclosures) {
          await Promise.all(disclosures.map((one) => commits.append(outcomeEntry(one, who, seq, ownerOf))));
        },
        async refused(code) {
          await commits.append(refusedEntry(seq, code));
        },
      };
    },
  };
}

import type { Ledger } from '../../src/ledger/ledger.ts';

/** Records nothing: for measuring and comparing what else an answer takes. */
export const droppingLedger: Ledger = {
  intend: () => Promise.resolve({ answered: () => Promise.resolve(), refused: () => Promise.resolve() }),
};

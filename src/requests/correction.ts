import { z } from 'zod';
import type { CorrectionAction, CorrectionState } from './correction-states.ts';
import type { RequestBook, StoredRequest } from './request-book.ts';

/** What a consumer reports. The texts may hold personal data: they are for the two parties alone. */
export const correctionContent = z.object({
  recordType: z.string(),
  recordId: z.string(),
  field: z.string(),
  problem: z.string(),
  proposedValue: z.string().nullable(),
  evidence: z.string().nullable(),
  /** The owner's answer; null until then. */
  answer: z.object({ at: z.string(), note: z.string() }).nullable(),
});
export type CorrectionContent = z.infer<typeof correctionContent>;
export type Correction = StoredRequest<CorrectionState, CorrectionContent>;
export type CorrectionBook = RequestBook<CorrectionState, CorrectionAction, CorrectionContent>;

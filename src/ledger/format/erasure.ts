import { z } from 'zod';
import { commitmentShape } from './commitment.ts';
import { count } from './shapes.ts';

const erasure = z.looseObject({
  erased: z
    .array(z.strictObject({ commitment: commitmentShape, seq: count }).readonly())
    .min(1)
    .readonly(),
});

/** Part of the body of an ERASURE entry: the commitments whose openings are deleted. */
export type Erased = z.output<typeof erasure>['erased'];

/** Null when the body does not say what was erased. */
export function readErased(body: unknown): Erased | null {
  return erasure.safeParse(body).data?.erased ?? null;
}

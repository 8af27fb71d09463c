import { randomFillSync } from 'node:crypto';
import { commitmentOf, type Commitment } from './format/commitment.ts';
import type { KeptOpening } from './writer/pending-entry.ts';

const saltBytes = 16;
/** Random bytes are fetched for many salts at a time. */
const pool = Buffer.alloc(saltBytes * 256);
let used = pool.length;

/** Collects the openings of what one entry commits to. */
export class Commitments {
  readonly openings: KeptOpening[] = [];

  /** Commits to the value under a salt of its own: once the salt is gone, nothing tells of it. */
  to(value: string): Commitment {
    const salt = newSalt();
    // Half of a surrogate pair is no text.
    const whole = value.toWellFormed();
    const commitment = commitmentOf(salt, whole);
    this.openings.push({ commitment, salt, value: whole });
    return commitment;
  }
}

function newSalt(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += saltBytes;
  return pool.toString('base64url', used - saltBytes, used);
}

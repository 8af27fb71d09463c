import { z } from 'zod';

export const whole = (min: number, max: number, preset: number) => z.number().int().min(min).max(max).default(preset);

/** Settings of every source, whatever its kind: how long it is waited for, how often it is asked again, when it is let alone. */
export const commonSettings = {
  /** Milliseconds until a connection stands. */
  connectMilliseconds: whole(50, 60_000, 2_000),
  /** Milliseconds until one whole answer is there; the request's own deadline may be shorter. */
  answerMilliseconds: whole(50, 600_000, 5_000),
  /** How often a failed read is tried again. */
  retries: whole(0, 10, 2),
  /** Milliseconds before the first retry; doubled for each further one, with jitter. */
  retryMilliseconds: whole(1, 60_000, 100),
  /** Retries for each hundred loads, at most: a source in trouble is not flooded. */
  retryBudgetPercent: whole(0, 100, 20),
  /** Failures in a row after which the source is let alone. */
  breakerFailures: whole(1, 1_000, 5),
  /** Milliseconds for which it is let alone before one load tries it again. */
  breakerMilliseconds: whole(100, 3_600_000, 10_000),
  /** Loads side by side. */
  concurrent: whole(1, 1_000, 16),
  /** Loads that wait for their turn; more are refused. */
  queue: whole(0, 100_000, 256),
  /** Keys in one call. Left out: the hub's `keyChunk`. */
  batchKeys: z.number().int().min(1).max(10_000).optional(),
  /** Whether equal loads that run at the same time share one answer. */
  coalesce: z.boolean().default(true),
  /** Seconds for which the last good answer may stand in for a source that is down; its owner's policy must allow it too. 0: never. */
  lastKnownGoodSeconds: whole(0, 2_592_000, 0),
} as const;

/** What `commonSettings` reads. */
export type CommonSettings = z.infer<z.ZodObject<typeof commonSettings>>;

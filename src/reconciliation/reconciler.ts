import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { SchemaFacts } from '../access/facts.ts';
import type { Policy } from '../access/policy.ts';
import { formatDateTime, parseDateTime } from '../codes/date-time.ts';
import type { Config } from '../config/config.ts';
import { openOutbox } from '../events/outbox.ts';
import type { AgencyReceipts } from '../connector/connector.ts';
import type { Engine } from '../hub/engine.ts';
import { ReconcileError } from './ask-tickets.ts';
import type { TicketDatabase } from '../store/ticket-database.ts';
import { openLostStore, type FoundHandoff, type LostStore } from './lost-store.ts';
import { withoutGrant } from './principal.ts';
import { reconcile, type ReconcileOptions, type ReconcileReport } from './reconcile.ts';
import { openRunLog } from './run-log.ts';

export interface ReconcilerParts {
  readonly config: Config;
  readonly engine: Pick<Engine, 'answer'>;
  readonly receipts: readonly AgencyReceipts[];
  readonly facts: SchemaFacts;
  readonly policy: () => Policy;
  /** The database of the tickets; null where the hub keeps none. */
  readonly database: () => Promise<TicketDatabase | null>;
  /** Called when there are new events. */
  readonly onEvents: () => void;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Compares what was sent with what was received: when asked, and by itself where the configuration says so. */
export interface Reconciler {
  /** Rejects with `ReconcileError`: `OPERATION_NOT_SUPPORTED` where this hub keeps no tickets. */
  run(options: ReconcileOptions): Promise<ReconcileReport>;
  /** The policies have changed: what rests on receipts that are not granted any more is told no longer. */
  policyChanged(): void;
  /** Ends a run after the page at hand, and begins none. */
  close(): Promise<void>;
}

const minute = 60_000;
const day = 86_400_000;

export function createReconciler(parts: ReconcilerParts): Reconciler {
  const { config, logger, now, database, onEvents } = parts;
  const { reconcileMinutes, reconcilePurpose: purpose } = config;
  const closing = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const opened = async (): Promise<TicketDatabase> => {
    const found = await database();
    if (found !== null) return found;
    throw new ReconcileError(
      'OPERATION_NOT_SUPPORTED',
      'this hub keeps no tickets of its own (sources.hotline, or an empty data folder): reconcile where they are kept',
    );
  };
  const run = async (options: ReconcileOptions): Promise<ReconcileReport> => {
    const of = await opened();
    return reconcile({ ...parts, purpose, store: telling(of, onEvents), runs: openRunLog(of) }, options);
  };
  const byItself = async (): Promise<void> => {
    const last = await openRunLog(await opened()).lastBegan();
    // Of several instances one is enough.
    if (last !== null && now() - parseDateTime(last) < (reconcileMinutes * minute) / 2) return;
    const since = formatDateTime(now() - config.reconcileDays * day);
    const { tickets, found, settled, withdrawn } = await run({ since, resume: false, signal: closing.signal });
    logger.info({ tickets, found, settled, withdrawn }, 'handoffs and receipts were compared');
  };
  const tick = (): void => {
    timer = setTimeout(() => {
      running = byItself()
        .catch((error: unknown) => tell(logger, error))
        .then(() => {
          if (!closing.signal.aborted) tick();
        });
    }, reconcileMinutes * minute);
    timer.unref();
  };
  if (reconcileMinutes > 0) tick();

  const withdraw = async (): Promise<void> => {
    const closed = withoutGrant(parts.receipts, purpose, parts.policy(), parts.facts);
    const found = closed.length === 0 ? null : await database();
    if (found === null) return;
    const withdrawn = await openLostStore(found).withdraw(closed, formatDateTime(now()));
    if (withdrawn > 0) logger.info({ withdrawn }, 'findings on receipts that are granted no longer are told no longer');
  };
  const policyChanged = (): void => {
    running = Promise.allSettled([running, withdraw().catch((error: unknown) => tell(logger, error))]);
  };
  // They may have changed while the hub was down.
  policyChanged();
  return {
    run,
    policyChanged,
    async close() {
      closing.abort();
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}

/** The store; what is newly found is told of in the transaction that writes it down. */
function telling(database: TicketDatabase, onEvents: () => void): LostStore {
  const store = openLostStore(database, tellFound);
  return {
    ...store,
    async take(outcomes, at) {
      const counts = await store.take(outcomes, at);
      if (counts.found > 0) onEvents();
      return counts;
    },
  };
}

async function tellFound(trx: Knex, found: readonly FoundHandoff[], at: string): Promise<void> {
  const outbox = openOutbox(trx);
  for (const { ticketNo, agency, runId } of found)
    outbox.tell({ kind: 'LOST_HANDOFF_FOUND', ticketNo, agency, runId, at });
  await outbox.settle();
}

/** A driver's message may quote a value: the log gets the kind of the error and its code. */
function tell(logger: Logger, error: unknown): void {
  const { name, code } =
    error instanceof Error ? (error as Error & { code?: unknown }) : { name: 'unknown', code: null };
  logger.error(
    { err: { name, code: typeof code === 'string' ? code : null } },
    'the reconciliation failed; it is tried again',
  );
}

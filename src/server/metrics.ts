import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DeliveryOutcome } from '../events/webhooks/courier.ts';
import type { GuardEvent } from '../connector/guard/guard-event.ts';
import type { HubAnswer } from '../hub/engine.ts';

/** What `/metrics` shows: counts and times by code and source, never a value, a ticket or a caller. */
export interface Metrics {
  answered(answer: HubAnswer, seconds: number): void;
  unauthenticated(): void;
  /** Something became of a load of this source. */
  source(name: string, event: GuardEvent): void;
  /** WebSocket connections that are open now. */
  connections(open: number): void;
  /** An operation's answer left by WebSocket. */
  event(): void;
  /** Something became of a delivery to this webhook. */
  delivery(webhook: string, outcome: DeliveryOutcome): void;
  text(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const operations = new Counter({
    name: 'lianqiao_operations_total',
    help: 'Operations by outcome: ok, partial (with errors on some fields), refused.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const errors = new Counter({
    name: 'lianqiao_errors_total',
    help: 'Errors in answers by code.',
    labelNames: ['code'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'lianqiao_operation_seconds',
    help: 'Time from the request read to the answer ready.',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const sources = sourceMetrics(registry);
  return {
    source: sources,
    answered(answer, took) {
      const list = answer.kind === 'result' ? (answer.result.errors ?? []) : answer.errors;
      operations.inc({ outcome: answer.kind === 'refused' ? 'refused' : list.length === 0 ? 'ok' : 'partial' });
      for (const { extensions } of list) errors.inc({ code: String(extensions['code']) });
      seconds.observe(took);
    },
    unauthenticated: () => errors.inc({ code: 'UNAUTHENTICATED' }),
    ...eventMetrics(registry),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function sourceMetrics(registry: Registry): Metrics['source'] {
  const registers = [registry];
  const loads = new Counter({
    name: 'lianqiao_source_loads_total',
    help: 'Loads of a source by outcome: OK, a fault, ABANDONED (every caller gave up), BROKEN (a fault of the hub).',
    labelNames: ['source', 'outcome'],
    registers,
  });
  const retries = new Counter({
    name: 'lianqiao_source_retries_total',
    help: 'Loads of a source that were tried again, by the fault before.',
    labelNames: ['source', 'fault'],
    registers,
  });
  const breaker = new Gauge({
    name: 'lianqiao_source_breaker_state',
    help: 'Whether the source is let alone: 0 no, 1 being tried, 2 yes. Absent until it first failed so often.',
    labelNames: ['source'],
    registers,
  });
  const waiting = new Gauge({
    name: 'lianqiao_source_queue_length',
    help: 'Loads that wait for their turn. Absent until one first had to.',
    labelNames: ['source'],
    registers,
  });
  const stale = new Counter({
    name: 'lianqiao_source_stale_answers_total',
    help: 'Answers that were given from memory because the source was down.',
    labelNames: ['source'],
    registers,
  });
  const unreadable = new Counter({
    name: 'lianqiao_source_unreadable_values_total',
    help: 'Values of a source that could not be read, by field: its codes or forms have changed, or a column is gone.',
    labelNames: ['source', 'field'],
    registers,
  });
  return (source, event) => {
    switch (event.kind) {
      case 'load':
        loads.inc({ source, outcome: event.outcome });
        return;
      case 'retry':
        retries.inc({ source, fault: event.fault });
        return;
      case 'breaker':
        breaker.set({ source }, { closed: 0, halfOpen: 1, open: 2 }[event.state]);
        return;
      case 'queue':
        waiting.set({ source }, event.length);
        return;
      case 'stale':
        stale.inc({ source });
        return;
      case 'unreadable':
        unreadable.inc({ source, field: `${event.type}.${event.field}` }, event.values);
        return;
      // The load goes on, or is told as given up.
      case 'late':
    }
  };
}

function eventMetrics(registry: Registry): Pick<Metrics, 'connections' | 'event' | 'delivery'> {
  const registers = [registry];
  const connections = new Gauge({
    name: 'lianqiao_websocket_connections',
    help: 'WebSocket connections that are open.',
    registers,
  });
  const messages = new Counter({
    name: 'lianqiao_websocket_answers_total',
    help: 'Answers that left by WebSocket, one for each event of a subscription.',
    registers,
  });
  const deliveries = new Counter({
    name: 'lianqiao_webhook_deliveries_total',
    help: 'Deliveries to webhooks by outcome: DELIVERED, NOT_TOLD, POSTPONED, a failure, DEAD (set aside).',
    labelNames: ['webhook', 'outcome'],
    registers,
  });
  return {
    connections: (open) => connections.set(open),
    event: () => messages.inc(),
    delivery: (webhook, outcome) => deliveries.inc({ webhook, outcome }),
  };
}

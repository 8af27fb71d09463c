import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { HubAnswer } from '../hub/engine.ts';

/** What `/metrics` shows: counts and times by code and agency, never a value, a ticket or a caller. */
export interface Metrics {
  answered(answer: HubAnswer, seconds: number): void;
  unauthenticated(): void;
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
  return {
    answered(answer, took) {
      const list = answer.kind === 'result' ? (answer.result.errors ?? []) : answer.errors;
      operations.inc({ outcome: answer.kind === 'refused' ? 'refused' : list.length === 0 ? 'ok' : 'partial' });
      for (const { extensions } of list) errors.inc({ code: String(extensions['code']) });
      seconds.observe(took);
    },
    unauthenticated: () => errors.inc({ code: 'UNAUTHENTICATED' }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

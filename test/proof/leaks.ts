import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { PersonalKind } from '../../src/access/facts.ts';
import type { Policy } from '../../src/access/policy.ts';
import type { EntitySource } from '../../src/connector/connector.ts';
import { always } from '../../src/connector/filter.ts';
import type { EngineParts, HubAnswer } from '../../src/hub/engine.ts';
import type { CallerModel } from './model.ts';
import type { Store } from './store.ts';

/** A mistake in one place of a hub: a collaborator of the engine is replaced, or the answer changed on its way out. */
export interface Leak {
  readonly parts?: (parts: EngineParts, store: Store) => EngineParts;
  readonly answer?: (answer: HubAnswer, of: { parts: EngineParts; store: Store; caller: CallerModel }) => HubAnswer;
}

/** Makes a leak, with whatever it keeps between answers. */
export type LeakOf = () => Leak;

/** Nine leaks. The hub's own code knows nothing of them. */
export const leaks = {
  /** The policy is not asked for these columns. */
  'a forgotten column': () => ({
    parts: (parts) =>
      withPolicy(parts, (policy) => ({
        ...policy,
        rulesFor(coordinate, of) {
          const [any] = /\.(address|code)$/.test(coordinate) ? policy.allRules(coordinate) : [];
          return any === undefined
            ? policy.rulesFor(coordinate, of)
            : [{ ...any, when: { kind: 'all', of: [] }, outcome: { kind: 'plain' } }];
        },
      })),
  }),

  /** The count forgets the row rules. */
  'a count of all records': () => ({
    parts: (parts) =>
      withSources(parts, (source) => ({
        ...source,
        count: (_rows, signal) => source.count(always, signal),
        countByKeys: (key, keys, _rows, signal) => source.countByKeys(key, keys, always, signal),
      })),
  }),

  /** The table forgets who is counted. */
  'a table of all records': () => ({
    parts: (parts) =>
      withSources(parts, (source) => ({
        ...source,
        countBy: (fields, _rows, signal) => source.countBy(fields, always, signal),
      })),
  }),

  /** The message of a denial quotes what it denies. */
  'an error that quotes a value': () => ({
    answer: (answer, { store }) =>
      withErrors(answer, (error) => {
        const [type = '', field = ''] = String(error.extensions['coordinate'] ?? '').split('.');
        return `${error.message} (${store.peek(type, field).join(', ')})`;
      }),
  }),

  /** The position in a list holds more of the record than the list is sorted by. */
  'a cursor that tells a hidden value': () => ({
    parts: (parts, store) => ({
      ...parts,
      services: {
        ...parts.services,
        cursors: {
          seal(list, values) {
            const numbers = ['Ticket', 'Account', 'Meter', 'Alarm'].flatMap((type) =>
              store.peekRecord(type, values.at(-1)),
            );
            return parts.services.cursors.seal(list, [...values, hash(numbers)]);
          },
          open: (list, cursor) => parts.services.cursors.open(list, cursor)?.slice(0, -1) ?? null,
        },
      },
    }),
  }),

  /** What one caller was given of a record is given to the next. */
  'a record kept from another caller': (): Leak => {
    const kept = new Map<string, unknown>();
    return {
      answer(answer) {
        if (answer.kind === 'refused' || !isObject(answer.result.data)) return answer;
        return { kind: 'result', result: { ...answer.result, data: filled(answer.result.data, kept) } };
      },
    };
  },

  /** The redaction does not know which fields hold names. */
  'a name left in free text': () => ({ parts: (parts) => withoutKind(parts, 'NAME') }),

  /** The redaction does not know which fields hold addresses. */
  'an address left in free text': () => ({ parts: (parts) => withoutKind(parts, 'ADDRESS') }),

  /** Where another record would have been given, the denial says so. */
  'a conditional denial that reads otherwise': () => ({
    answer: (answer, { parts, caller }) =>
      withErrors(answer, (error) => {
        const coordinate = String(error.extensions['coordinate'] ?? '');
        const rules = parts.sources().policy.rulesFor(coordinate, caller);
        return rules.some((r) => r.outcome.kind !== 'deny') ? `${error.message} on this record` : error.message;
      }),
  }),
} as const satisfies Readonly<Record<string, LeakOf>>;

/** The plans look for the personal kinds of a type's fields without this one. */
function withoutKind(parts: EngineParts, kind: PersonalKind): EngineParts {
  return {
    ...parts,
    sources: () => {
      const { facts, ...rest } = parts.sources();
      const fieldsOf: typeof facts.fieldsOf = (type) =>
        facts.fieldsOf(type).map((f) => (f.personal === kind ? { ...f, personal: 'OTHER' } : f));
      return { ...rest, facts: { ...facts, fieldsOf } };
    },
  };
}

function withPolicy(parts: EngineParts, change: (policy: Policy) => Policy): EngineParts {
  return {
    ...parts,
    sources() {
      const sources = parts.sources();
      return { ...sources, policy: change(sources.policy) };
    },
  };
}

function withSources(parts: EngineParts, change: (source: EntitySource) => EntitySource): EngineParts {
  const { services } = parts;
  const source = (type: string): EntitySource | undefined => {
    const found = services.source(type);
    return found === undefined ? undefined : change(found);
  };
  return { ...parts, services: { ...services, source } };
}

/** The answer with other words in its denials of fields. */
function withErrors(answer: HubAnswer, message: (error: GraphQLError) => string): HubAnswer {
  if (answer.kind === 'refused' || answer.result.errors === undefined) return answer;
  const errors = answer.result.errors.map((error) =>
    error.extensions['code'] === 'FIELD_DENIED' && error.extensions['argument'] === undefined
      ? new GraphQLError(message(error), { path: error.path ?? null, extensions: { ...error.extensions } })
      : error,
  );
  return { kind: 'result', result: { ...answer.result, errors } };
}

function hash(values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('base64url').slice(0, 8);
}

/** Fills what is null on a record with what was there before. */
function filled(object: Readonly<Record<string, unknown>>, kept: Map<string, unknown>): Record<string, unknown> {
  const number = object['no'] ?? object['ticketNo'];
  const record = typeof number === 'string' ? `${String(object['__typename'])} ${number}` : null;
  const below = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(below) : isObject(value) ? filled(value, kept) : value;
  const entries = Object.entries(object).map(([key, value]): [string, unknown] => {
    if (record === null || (typeof value === 'object' && value !== null)) return [key, below(value)];
    const place = `${record} ${key}`;
    if (value !== null) kept.set(place, value);
    return [key, value ?? kept.get(place) ?? null];
  });
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

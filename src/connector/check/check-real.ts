import { isDeepStrictEqual } from 'node:util';
import type { EntityDeclaration, EntitySource, KeyLoad, SourceRecord } from '../connector.ts';
import { always } from '../filter.ts';
import { UNREADABLE } from '../mapping.ts';
import type { MappedEntity } from '../source.ts';
import { Problems, notApplicable, type Finding } from './check.ts';
import { nameOf } from './stand.ts';

/** A record type of a source that is really there. */
export interface RealEntity {
  readonly entity: MappedEntity;
  readonly source: EntitySource;
  /** Fields, beside its own key, that relations find it by. */
  readonly joins: readonly string[];
  /** Keys that are known to be there; none: a page is asked for. */
  readonly keys: readonly string[];
}

/** One harmless look at a real source; the same names as in the kit where they mean the same. */
export interface RealCheck {
  readonly name: string;
  run(of: RealEntity, sample: readonly SourceRecord[], signal: AbortSignal): Promise<Finding>;
}

/** Records for one value of a join, at most: a busy one must not be read as a whole. */
const joinLimit = 100;
/** Records of one sample. */
const sampleSize = 50;
/** Keys that are not there, for a batch that needs several calls. */
const missing = Array.from({ length: 2_000 }, (_, i) => `lianqiao-no-such-key-${i}`);

/** Some records of the source, with all fields. Rejects with what the source says. */
export async function sampleOf(
  { entity, source, keys }: RealEntity,
  signal: AbortSignal,
): Promise<readonly SourceRecord[]> {
  const fields = Object.keys(entity.mapping);
  if (keys.length > 0) return (await source.loadByKeys(loadOf(entity, keys, signal, fields))).flat();
  return source.loadPage({ fields, rows: always, order: entity.order, limit: sampleSize, signal });
}

export const realChecks: readonly RealCheck[] = [
  {
    name: 'mapped-columns',
    async run({ entity }, sample) {
      const problems = new Problems();
      for (const field of Object.keys(entity.mapping)) {
        const lost = sample.filter((record) => record[field] === UNREADABLE).length;
        if (lost === sample.length)
          problems.add(`${entity.type}.${field} cannot be read in any record: is its column gone?`);
        else if (lost > 0)
          problems.add(
            `${entity.type}.${field} cannot be read in ${lost} of ${sample.length} records: new codes or forms?`,
          );
      }
      return problems.finding(`${Object.keys(entity.mapping).length} fields of ${sample.length} records`);
    },
  },
  {
    name: 'key-alignment',
    async run({ entity, source }, sample, signal) {
      const keys = keysOf(entity, sample);
      const problems = new Problems();
      const forth = await source.loadByKeys(loadOf(entity, keys, signal));
      const back = await source.loadByKeys(loadOf(entity, keys.toReversed(), signal));
      if (!isDeepStrictEqual(back, forth.toReversed()))
        problems.add('the same keys in another order give other records');
      forth.forEach((records, i) => {
        if (records.length !== 1) problems.add(`key ${i + 1} of the sample gives ${records.length} records`);
        else if (records[0]?.[entity.key] !== keys[i]) problems.add(`key ${i + 1} of the sample gives another record`);
      });
      return problems.finding(`${keys.length} keys, forth and back`);
    },
  },
  {
    name: 'missing-keys',
    async run({ entity, source }, sample, signal) {
      const keys = keysOf(entity, sample);
      const mixed = keys.flatMap((key, i) => [missing[i] ?? '', key]);
      const found = await source.loadByKeys(loadOf(entity, mixed, signal));
      const problems = new Problems();
      found.forEach((records, i) => {
        if (records.length !== i % 2) problems.add(`place ${i + 1} holds ${records.length} records`);
      });
      if (found.length !== mixed.length) problems.add(`${found.length} lists for ${mixed.length} keys`);
      return problems.finding(`${mixed.length} keys, every second one of nobody`);
    },
  },
  {
    name: 'join-columns',
    async run({ entity, source, joins }, sample, signal) {
      if (joins.length === 0) return notApplicable('no relation leads to it by another field than its key');
      const problems = new Problems();
      const looked: string[] = [];
      for (const join of joins) {
        const holders = sample.filter((record) => typeof record[join] === 'string' && record[join] !== '');
        const keys = [...new Set(holders.map((record) => String(record[join])))];
        looked.push(`${join} by ${keys.length} values`);
        if (keys.length === 0) continue;
        const fields = [...new Set([entity.key, join])];
        const { order } = entity;
        const load: KeyLoad = { key: join, keys, fields, rows: always, order, limitPerKey: joinLimit, signal };
        const lists = await source.loadByKeys(load);
        problems.add(...joinProblems(entity, join, keys, holders, lists));
      }
      return problems.finding(looked.join(', '));
    },
  },
  {
    name: 'empty-batch',
    async run({ entity, source }, _sample, signal) {
      const problems = new Problems();
      const none = await source.loadByKeys(loadOf(entity, [], signal));
      if (!isDeepStrictEqual(none, [])) problems.add('no keys give something');
      return problems.finding('no keys');
    },
  },
  {
    name: 'huge-batch',
    async run({ entity, source }, sample, signal) {
      const keys = [...missing, ...keysOf(entity, sample)];
      const found = await source.loadByKeys(loadOf(entity, keys, signal));
      const problems = new Problems();
      const last = found.slice(missing.length).filter((records) => records.length === 1).length;
      if (found.slice(0, missing.length).some((records) => records.length > 0))
        problems.add('a key of nobody gives a record');
      if (last !== keys.length - missing.length)
        problems.add(`${keys.length - missing.length - last} known keys give no record`);
      return problems.finding(`${keys.length} keys in one load`);
    },
  },
  {
    name: 'only-asked-fields',
    async run({ entity, source }, sample, signal) {
      const problems = new Problems();
      const [key] = keysOf(entity, sample);
      for (const field of Object.keys(entity.mapping)) {
        const [[record] = []] = await source.loadByKeys(loadOf(entity, [key ?? ''], signal, [field]));
        // By its key each record is known to be the one that was asked for.
        const others = Object.keys(record ?? {}).filter((name) => name !== field && name !== entity.key);
        if (others.length > 0) problems.add(`asked for ${field}, got ${others.join(', ')} too`);
      }
      return problems.finding('each field alone');
    },
  },
  {
    name: 'counts',
    async run({ entity, source }, sample, signal) {
      const keys = [...keysOf(entity, sample), missing[0] ?? ''];
      const lists = await source.loadByKeys(loadOf(entity, keys, signal));
      const counts = await source.countByKeys(entity.key, keys, always, signal);
      const problems = new Problems();
      if (
        !isDeepStrictEqual(
          [...counts],
          lists.map((l) => l.length),
        )
      )
        problems.add('counts are not those of the lists');
      return problems.finding(`${keys.length} counts`);
    },
  },
  {
    name: 'keyset-paging',
    async run({ entity, source, keys }, sample, signal) {
      if (keys.length > 0) return notApplicable('keys were given: no page is asked for');
      if (sample.length < 4) return notApplicable('fewer than four records');
      const { order } = entity;
      const fields = [...new Set([entity.key, ...order.map((o) => o.field)])];
      const half = Math.floor(sample.length / 2);
      const first = await source.loadPage({ fields, rows: always, order, limit: half, signal });
      const last = first.at(-1);
      const after = order.map((o) => String(last?.[o.field]));
      const rest = await source.loadPage({ fields, rows: always, order, limit: sample.length - half, after, signal });
      const names = (records: readonly SourceRecord[]): unknown[] => records.map((r) => r[entity.key]);
      const problems = new Problems();
      if (!isDeepStrictEqual([...names(first), ...names(rest)], names(sample)))
        problems.add('two pages do not give what one of their size gives');
      return problems.finding(`${half} records and ${sample.length - half} behind them`);
    },
  },
  {
    name: 'latency',
    async run({ entity, source }, sample, signal) {
      const keys = keysOf(entity, sample).slice(0, 20);
      const took: number[] = [];
      for (const key of keys) {
        const begun = performance.now();
        await source.loadByKeys(loadOf(entity, [key], signal));
        took.push(performance.now() - begun);
      }
      const sorted = took.toSorted((a, b) => a - b);
      const at = (share: number): string => (sorted[Math.ceil(sorted.length * share) - 1] ?? 0).toFixed(1);
      return { result: 'passed', seen: `${took.length} single loads: median ${at(0.5)} ms, slowest ${at(1)} ms` };
    },
  },
];

/** Whether a source gave anything to look at: `samples` are those of all its types, null where one could not be had. */
export function givesRecords(
  { entity, keys }: RealEntity,
  sample: readonly SourceRecord[],
  samples: readonly (readonly SourceRecord[] | null)[],
): Finding {
  const { type } = entity;
  if (sample.length > 0) return { result: 'passed', seen: `${sample.length} records` };
  if (keys.length > 0)
    return { result: 'failed', seen: 'nothing', problems: [`${type}: none of the keys that --key names is there`] };
  if (samples.some((of) => of !== null && of.length > 0))
    return notApplicable(`${type} has no record, other types have: nothing else of it could be looked at`);
  const problem = `${type}: the source gives no record of any type, so that nothing was checked; is it the right one, may the hub read there? Name records that are there with --key ${type}=KEY`;
  return { result: 'failed', seen: 'nothing', problems: [problem] };
}

/** A look that fails or that the source refuses is a finding, not the end of the others. */
export async function realFinding(
  check: RealCheck,
  of: RealEntity,
  sample: readonly SourceRecord[],
  milliseconds: number,
): Promise<Finding> {
  if (sample.length === 0) return notApplicable(`${of.entity.type} has no records`);
  try {
    return await check.run(of, sample, AbortSignal.timeout(milliseconds));
  } catch (error) {
    return { result: 'failed', seen: 'not to its end', problems: [nameOf(error)] };
  }
}

/** Who has a value must be found by it, and nobody else. */
function joinProblems(
  { type, key }: EntityDeclaration,
  join: string,
  keys: readonly string[],
  holders: readonly SourceRecord[],
  lists: readonly (readonly SourceRecord[])[],
): string[] {
  const what = `${type} by ${join}`;
  if (lists.length !== keys.length) return [`${what}: ${lists.length} lists for ${keys.length} values`];
  const lost = holders.filter((record) => {
    const list = lists[keys.indexOf(String(record[join]))] ?? [];
    return list.length < joinLimit && !list.some((one) => one[key] === record[key]);
  }).length;
  const strange = lists.flatMap((list, i) => list.filter((one) => one[join] !== keys[i])).length;
  return [
    ...(lost > 0 ? [`${what}: ${lost} of ${holders.length} records are not found by the value that they hold`] : []),
    ...(strange > 0 ? [`${what}: ${strange} records come that hold another value`] : []),
  ];
}

function keysOf({ key }: EntityDeclaration, sample: readonly SourceRecord[]): string[] {
  return [...new Set(sample.map((r) => r[key]).filter((k) => typeof k === 'string'))];
}

function loadOf(
  { key, order }: EntityDeclaration,
  keys: readonly string[],
  signal: AbortSignal,
  fields: readonly string[] = [key],
): KeyLoad {
  return { key, keys, fields, rows: always, order, limitPerKey: 10, signal };
}

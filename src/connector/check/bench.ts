import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector } from '../connector.ts';
import type { DerivedEntity, MappedEntity, SourceDeclaration, SourceDriver } from '../source.ts';
import { needsOf, type Needs } from './needs.ts';
import { sampleRows, type SampleRow } from './sample-rows.ts';
import { openStand, type Stand, type StandOptions } from './stand.ts';

export interface BenchEntity extends Needs {
  readonly type: string;
  readonly entity: MappedEntity;
  /** The kit's rows, every value of which can be read. */
  readonly rows: readonly SampleRow[];
}

/** One source of a connector, to be reached by one of its drivers. */
export interface Bench {
  readonly connector: Connector;
  readonly source: SourceDeclaration;
  readonly driver: SourceDriver;
  /** Fewer rows and shorter waits: what runs with each change. */
  readonly quick: boolean;
  readonly entities: readonly BenchEntity[];
  readonly derived: readonly DerivedEntity[];
  /** The source over the kit's rows, for checks that only read: the same for all of them. */
  shared(): Promise<Stand>;
  /** A source of this check's own, closed when the check has ended. */
  stand(options?: StandOptions): Promise<Stand>;
  /** Closes what the last check opened; what could not be closed in time is said. */
  closeStands(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly connector: Connector;
  readonly source: SourceDeclaration;
  readonly driver: SourceDriver;
  readonly quick: boolean;
  /** An empty folder for simulators and rows. */
  readonly folder: string;
}

/** Rows of each type: enough for each sample of each field, and few enough to print. */
const leastRows = 40;

export function openBench({ folder, ...of }: BenchOptions): Bench {
  const { connector, source } = of;
  const entities = source.entities.map((entity): BenchEntity => {
    const needs = needsOf(connector, entity.type, entity.key);
    const most = Math.max(...Object.values(entity.mapping).map((m) => m.samples?.length ?? 0));
    const count = Math.max(leastRows, most + 2);
    return { type: entity.type, entity, ...needs, rows: sampleRows(entity, { count, keys: needs.keys }) };
  });
  let own: Stand[] = [];
  let common: Promise<Stand> | undefined;
  const open = (options: StandOptions): Promise<Stand> =>
    openStand({ ...of, entities, folder: mkdtempSync(join(folder, 'stand-')) }, options);
  return {
    ...of,
    entities,
    derived: source.derived ?? [],
    shared: () => (common ??= open({})),
    async stand(options = {}) {
      const stand = await open(options);
      own.push(stand);
      return stand;
    },
    async closeStands() {
      const stands = own;
      own = [];
      const late = await Promise.all(stands.map((stand) => stand.close()));
      return late.flat();
    },
    async close() {
      await (await common?.catch(() => undefined))?.close();
    },
  };
}

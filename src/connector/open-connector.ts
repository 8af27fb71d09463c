import type { Connector, EntityDeclaration, EntitySource } from './connector.ts';
import { always } from './filter.ts';
import { guarded, type Guard } from './guard/guard.ts';
import type { SourceSettings } from './settings/source-settings.ts';
import { soundSource } from './sound-source.ts';
import { isKeptOut, SourceError } from './source-error.ts';
import { usualCircumstances } from './circumstances.ts';
import type { Circumstances, OpenSource } from './source.ts';

/** How operators look at one source, by its name. */
export interface SourceLook {
  /** Resolves when it answers and lets the hub read, rejects with `SourceError` otherwise. */
  readonly reach: (signal: AbortSignal) => Promise<void>;
  /** Of a source that is delivered; see `OpenSource`. */
  readonly staleSince: () => number | null;
  readonly troubles: () => readonly string[];
}

/** One agency's sources, opened. */
export interface OpenConnector {
  readonly agency: string;
  /** By record type. */
  readonly sources: ReadonlyMap<string, EntitySource>;
  readonly health: ReadonlyMap<string, SourceLook>;
  close(): Promise<void>;
}

export interface Unreadable {
  readonly type: string;
  readonly field: string;
  readonly values: number;
}

export interface OpeningContext {
  readonly dataDir: string;
  /** The settings of a source, by its name. */
  readonly settings: (source: string) => SourceSettings;
  /** Keys in one call where a source's settings say nothing else. */
  readonly keyChunk: number;
  /** Called with each call to a source: its form and its columns, never a value. */
  readonly onStatement?: (agency: string, text: string) => void;
  /** Called with what somebody should see to at a source, once each; never a value. */
  readonly onProblem?: (source: string, message: string) => void;
  /** What records are computed with. Left out: the usual office hours, and the machine's clock. */
  readonly circumstances?: Circumstances;
  /** Called with each load of a source that brought values of a type's field which cannot be read, and how many. */
  readonly onUnreadable?: (source: string, unreadable: Unreadable) => void;
  /** What stands around each load of a source. Left out, or undefined: nothing does. */
  readonly guard?: (source: string, settings: SourceSettings) => Guard | undefined;
}

/** Opens every source of the connector, without asking any. Throws `TypeError` where a source has no driver of its settings' kind. */
export function openConnector(connector: Connector, context: OpeningContext): OpenConnector {
  const { agency } = connector;
  const { circumstances = usualCircumstances } = context;
  const opened: OpenSource[] = [];
  const sources = new Map<string, EntitySource>();
  const health = new Map<string, SourceLook>();
  for (const declaration of connector.sources) {
    const { name, entities, derived = [] } = declaration;
    const settings = context.settings(name);
    const driver = declaration.drivers.find((d) => d.kind === settings.kind);
    if (driver === undefined) {
      const kinds = declaration.drivers.map((d) => d.kind).join(', ');
      throw new TypeError(`the source ${name} cannot be read by ${settings.kind}; its connector reads ${kinds}`);
    }
    const source = driver.open({
      agency,
      source: name,
      entities,
      settings,
      dataDir: context.dataDir,
      batchKeys: settings.batchKeys ?? context.keyChunk,
      onStatement: (text) => context.onStatement?.(agency, text),
      onProblem: (message) => context.onProblem?.(name, message),
      onUnreadable: (type, field, values) => context.onUnreadable?.(name, { type, field, values }),
    });
    opened.push(source);
    const guard = context.guard?.(name, settings);
    const onProblem = (message: string): void => context.onProblem?.(name, message);
    for (const entity of entities) {
      const of = source.sources.get(entity.type);
      if (of === undefined) throw new TypeError(`the source ${name} does not open ${entity.type}`);
      const columnOf = (field: string): string => entity.mapping[field]?.columns.join(', ') ?? field;
      const sound = soundSource(of, { agency, entity, columnOf, onProblem });
      sources.set(entity.type, guard === undefined ? sound : guarded(entity.type, sound, guard));
    }
    for (const { declaration: computed, from, derive } of derived) {
      const given = (type: string): EntitySource => {
        const of = from.includes(type) ? sources.get(type) : undefined;
        if (of === undefined)
          throw new TypeError(`${computed.type} is derived from ${type}, which ${name} does not have`);
        return of;
      };
      from.forEach(given);
      sources.set(computed.type, derive(given, circumstances));
    }
    health.set(name, {
      reach: (signal) => reach(source, entities, signal),
      staleSince: () => source.staleSince?.() ?? null,
      troubles: () => source.troubles?.() ?? [],
    });
  }
  return {
    agency,
    sources,
    health,
    async close() {
      await Promise.all(opened.map((s) => s.close()));
    },
  };
}

/** No key of any source. */
const nobody = 'lianqiao-no-such-key';

/**
 * A service that says it is well may still keep the hub out of every record, or hide behind a login page. So each type is
 * asked for a record that nobody has; where none of them lets itself be asked, the source does not answer.
 */
async function reach(source: OpenSource, entities: readonly EntityDeclaration[], signal: AbortSignal): Promise<void> {
  await source.ping(signal);
  const ends = await Promise.all(
    entities.map(async ({ type, key, order }) => {
      try {
        await source.sources
          .get(type)
          ?.loadByKeys({ key, keys: [nobody], fields: [key], rows: always, order, limitPerKey: 1, signal });
        return null;
      } catch (error) {
        // That this key is refused says nothing.
        return error instanceof SourceError && error.fault === 'REFUSED' && !isKeptOut(error) ? null : error;
      }
    }),
  );
  if (ends.length > 0 && !ends.includes(null)) throw ends[0];
}

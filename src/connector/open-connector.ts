import type { Connector, EntitySource } from './connector.ts';
import { guarded, type Guard } from './guard/guard.ts';
import type { SourceSettings } from './settings/source-settings.ts';
import { soundSource } from './sound-source.ts';
import type { OpenSource } from './source.ts';

/** One agency's sources, opened. */
export interface OpenConnector {
  readonly agency: string;
  /** By record type. */
  readonly sources: ReadonlyMap<string, EntitySource>;
  /** By the source's name: resolves when it answers, rejects with `SourceError` otherwise. */
  readonly pings: ReadonlyMap<string, (signal: AbortSignal) => Promise<void>>;
  close(): Promise<void>;
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
  /** What stands around each load of a source. Left out, or undefined: nothing does. */
  readonly guard?: (source: string, settings: SourceSettings) => Guard | undefined;
}

/** Opens every source of the connector, without asking any. Throws `TypeError` where a source has no driver of its settings' kind. */
export function openConnector(connector: Connector, context: OpeningContext): OpenConnector {
  const { agency } = connector;
  const opened: OpenSource[] = [];
  const sources = new Map<string, EntitySource>();
  const pings = new Map<string, (signal: AbortSignal) => Promise<void>>();
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
      const of = sources.get(from);
      if (of === undefined)
        throw new TypeError(`${computed.type} is derived from ${from}, which ${name} does not have`);
      sources.set(computed.type, derive(of));
    }
    pings.set(name, (signal) => source.ping(signal));
  }
  return {
    agency,
    sources,
    pings,
    async close() {
      await Promise.all(opened.map((s) => s.close()));
    },
  };
}

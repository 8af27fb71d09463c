import { join } from 'node:path';
import type { EntitySource } from '../connector.ts';
import { sourceSettings } from '../settings/source-settings.ts';
import type { MappedEntity, OpenSource, SourceOpening } from '../source.ts';
import { sqlDriver } from '../sql/sql-driver.ts';
import type { DropPlan } from './drop-plan.ts';
import type { SeenFile, Version } from './drop-state.ts';

/** A version that loads run on. A load ends on the version that it began with. */
export class OpenVersion {
  #version: Version;
  readonly #sql: OpenSource;
  readonly #source: EntitySource;
  #loads = 0;
  #retired: (() => void) | null = null;

  constructor(version: Version, folder: string, opening: SourceOpening, entity: MappedEntity, plan: DropPlan) {
    this.#version = version;
    this.#sql = openTable(join(folder, version.table), opening, entity, plan);
    this.#source = sourceIn(this.#sql, entity);
  }

  get version(): Version {
    return this.#version;
  }

  /** A newer file has brought the same content. */
  redate(file: SeenFile): void {
    this.#version = { ...this.#version, ...file };
  }

  async use<T>(load: (source: EntitySource) => Promise<T>): Promise<T> {
    this.#loads += 1;
    try {
      return await load(this.#source);
    } finally {
      this.#loads -= 1;
      if (this.#loads === 0) this.#retired?.();
    }
  }

  /** Resolves when the last of its loads has ended and its table is closed. No load may begin on it any more. */
  async retire(): Promise<void> {
    if (this.#loads > 0) await new Promise<void>((resolve) => (this.#retired = resolve));
    await this.#sql.close();
  }
}

/** The table's loads are those of the SQL source, over a database that can only be read. */
export function openTable(file: string, opening: SourceOpening, entity: MappedEntity, plan: DropPlan): OpenSource {
  return sqlDriver({ [entity.type]: plan.table }).open({
    ...opening,
    entities: [entity],
    settings: sourceSettings.parse({ kind: 'sql', client: 'sqlite', file }),
  });
}

export function sourceIn(sql: OpenSource, { type }: MappedEntity): EntitySource {
  const source = sql.sources.get(type);
  if (source === undefined) throw new TypeError(`${type} has no table`);
  return source;
}

import type { EntitySource } from '../connector.ts';
import type { OpenSource, SourceDriver, SourceOpening } from '../source.ts';
import type { FileEntity } from './declaration.ts';
import { planDrop } from './drop-plan.ts';
import { dropSource } from './drop-source.ts';
import { Drops } from './drops.ts';
import { openTable, sourceIn } from './open-version.ts';
import { simulateFiles } from './simulate-files.ts';

/** Reads record types from files that the agency drops into a folder, each a snapshot of all records. `entities` by type. */
export function fileDriver(entities: Readonly<Record<string, FileEntity>>): SourceDriver {
  return {
    kind: 'file',
    open(opening: SourceOpening): OpenSource {
      const { agency, settings } = opening;
      if (settings.kind !== 'file')
        throw new TypeError(`the file driver cannot read a source of kind ${settings.kind}`);
      const planned = opening.entities.map((entity) => {
        const file = entities[entity.type];
        if (file === undefined) throw new TypeError(`${entity.type} has no file in the ${agency} source`);
        return { entity, plan: planDrop(entity, file) };
      });
      const sources = new Map<string, EntitySource>();
      const forms: OpenSource[] = [];
      const all = planned.map(({ entity, plan }) => {
        // What can be pushed down is the same for every version. This database is never asked: there is none.
        const form = openTable('nowhere.db', opening, entity, plan);
        forms.push(form);
        const drops = new Drops(opening, settings, entity, plan);
        sources.set(entity.type, dropSource(drops, sourceIn(form, entity)));
        return drops;
      });
      return {
        sources,
        async ping(signal) {
          await Promise.all(all.map((drops) => drops.use(signal, () => Promise.resolve())));
        },
        async ready(signal) {
          await Promise.all(all.map((drops) => drops.ready(signal)));
        },
        staleSince() {
          const since = all.map((drops) => drops.staleSince()).filter((ms) => ms !== null);
          return since.length === 0 ? null : Math.min(...since);
        },
        troubles: () => all.flatMap((drops) => drops.troubles()),
        async close() {
          await Promise.all([...all, ...forms].map((open) => open.close()));
        },
      };
    },
    simulate: (simulation) => simulateFiles(simulation, entities),
  };
}

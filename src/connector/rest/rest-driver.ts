import type { EntitySource } from '../connector.ts';
import { accepted, openHttpClient } from '../http/http-client.ts';
import { rowSource } from '../rows/row-source.ts';
import type { OpenSource, SourceDriver, SourceOpening } from '../source.ts';
import { checkDeclaration } from './check-declaration.ts';
import type { RestService } from './declaration.ts';
import { restWire } from './rest-wire.ts';
import { simulateRest } from './simulate-rest.ts';

/** Rows that one load may look through: beyond it the load fails, rather than the hub. */
const mostRows = 100_000;

/** Reads record types from a JSON service over HTTP. */
export function restDriver(service: RestService): SourceDriver {
  return {
    kind: 'rest',
    singleKeys: Object.fromEntries(
      Object.entries(service.entities).map(([type, { keys }]) => [
        type,
        Object.keys(keys).filter((column) => keys[column]?.kind === 'single'),
      ]),
    ),
    open(opening: SourceOpening): OpenSource {
      const { agency, settings, entities, batchKeys, onStatement, onProblem, onUnreadable } = opening;
      if (settings.kind !== 'rest')
        throw new TypeError(`the rest driver cannot read a source of kind ${settings.kind}`);
      const declared = entities.map((entity) => {
        const rest = service.entities[entity.type];
        if (rest === undefined) throw new TypeError(`${entity.type} has no place in the ${agency} service`);
        checkDeclaration(entity, rest);
        return { entity, rest };
      });
      const http = openHttpClient(agency, settings);
      const { success } = service;
      const sources = new Map<string, EntitySource>();
      for (const { entity, rest } of declared) {
        const wire = restWire(entity, rest, { agency, url: settings.url, success, http, onStatement });
        sources.set(
          entity.type,
          rowSource(entity, wire, {
            agency,
            mostRows,
            mostPages: settings.loadPages,
            batchKeys,
            onProblem,
            onUnreadable,
          }),
        );
      }
      return {
        sources,
        async ping(signal) {
          accepted(agency, await http.exchange({ method: 'GET', path: service.health, signal }));
        },
        close: () => http.close(),
      };
    },
    simulate: (simulation) => simulateRest(simulation, service),
  };
}

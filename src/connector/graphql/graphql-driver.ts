import type { EntitySource } from '../connector.ts';
import { openHttpClient } from '../http/http-client.ts';
import { rowSource } from '../rows/row-source.ts';
import type { OpenSource, SourceDriver, SourceOpening } from '../source.ts';
import { Batcher } from './batcher.ts';
import { checkDeclaration } from './check-declaration.ts';
import type { GraphqlEntity } from './declaration.ts';
import { graphqlWire } from './graphql-wire.ts';
import { sendParts } from './send-parts.ts';
import { simulateGraphql } from './simulate-graphql.ts';

/** A remote GraphQL service, by record type. */
export type GraphqlService = Readonly<Record<string, GraphqlEntity>>;

/** Rows that one load may look through: beyond it the load fails, rather than the hub. */
const mostRows = 100_000;
/** Fields of `Query` in one document. */
const mostParts = 50;

/** Reads record types from any GraphQL service over HTTP. */
export function graphqlDriver(service: GraphqlService): SourceDriver {
  return {
    kind: 'graphql',
    open(opening: SourceOpening): OpenSource {
      const { agency, settings, entities, batchKeys, onStatement, onProblem, onUnreadable } = opening;
      if (settings.kind !== 'graphql')
        throw new TypeError(`the graphql driver cannot read a source of kind ${settings.kind}`);
      const http = openHttpClient(agency, settings);
      const send = sendParts(agency, http, onStatement);
      const batcher = new Batcher(send, mostParts);
      const sources = new Map<string, EntitySource>();
      for (const entity of entities) {
        const remote = service[entity.type];
        if (remote === undefined) throw new TypeError(`${entity.type} has no place in the ${agency} service`);
        checkDeclaration(entity, remote);
        const wire = graphqlWire(entity, remote, agency, batcher);
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
          await send([{ field: '__typename', arguments: [], selection: '' }], signal);
        },
        close: () => http.close(),
      };
    },
    simulate: (simulation) => simulateGraphql(simulation, service),
  };
}

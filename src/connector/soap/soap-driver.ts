import type { EntitySource } from '../connector.ts';
import { rowSource } from '../rows/row-source.ts';
import type { OpenSource, SourceDriver, SourceOpening } from '../source.ts';
import { checkDeclaration } from './check-declaration.ts';
import type { SoapService } from './declaration.ts';
import { simulateSoap } from './simulate-soap.ts';
import { openSoapClient } from './soap-client.ts';
import { soapWire } from './soap-wire.ts';

/** Rows that one load may look through: beyond it the load fails, rather than the hub. */
const mostRows = 100_000;

/** Reads record types from a SOAP service, by its WSDL. */
export function soapDriver(service: SoapService): SourceDriver {
  return {
    kind: 'soap',
    open(opening: SourceOpening): OpenSource {
      const { agency, settings, entities, batchKeys, onStatement, onProblem, onUnreadable } = opening;
      if (settings.kind !== 'soap')
        throw new TypeError(`the soap driver cannot read a source of kind ${settings.kind}`);
      const declared = entities.map((entity) => {
        const soap = service.entities[entity.type];
        if (soap === undefined) throw new TypeError(`${entity.type} has no place in the ${agency} service`);
        checkDeclaration(entity, soap);
        return { entity, soap };
      });
      const client = openSoapClient(agency, service, settings);
      const sources = new Map<string, EntitySource>();
      for (const { entity, soap } of declared) {
        const wire = soapWire(entity, soap, { agency, client, onStatement });
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
      return { sources, ping: (signal) => client.reach(signal), close: () => client.close() };
    },
    simulate: (simulation) => simulateSoap(simulation, service),
  };
}

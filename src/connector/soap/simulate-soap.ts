import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { text as bodyText } from 'node:stream/consumers';
import { createClientAsync, type WSDL } from 'soap';
import { projectRoot } from '../../schema/project-root.ts';
import { sourceSettings } from '../settings/source-settings.ts';
import type { Simulation, Simulator } from '../source.ts';
import type { SoapService } from './declaration.ts';
import { operationsOf } from './operation.ts';
import { bodyOf, envelopes } from './response.ts';
import { simulatedAnswer } from './simulated-answer.ts';
import { readXml } from './xml-element.ts';
import { escaped } from './xml-text.ts';

/** A service of the same WSDL over rows of ours. */
export async function simulateSoap(simulation: Simulation, service: SoapService): Promise<Simulator> {
  const { wsdl } = await createClientAsync(resolve(projectRoot, service.wsdl), { disableCache: true });
  const [soap11, soap12] = envelopes;
  const [namespace, type] = service.soap12 === true ? [soap12, 'application/soap+xml'] : [soap11, 'text/xml'];
  const server = createServer((request, response) => {
    void bodyText(request)
      .then((text) => answer(text, wsdl, simulation, service))
      // What it does not understand, it says by a fault, as a service does.
      .catch(() => null)
      .then((found) => {
        response.writeHead(found === null ? 500 : 200, { 'content-type': `${type}; charset=utf-8` });
        response.end(
          `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${namespace}"><s:Body>${found ?? fault}</s:Body></s:Envelope>`,
        );
      });
  });
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  return {
    settings: sourceSettings.parse({ kind: 'soap', url: `http://127.0.0.1:${port}/` }),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const fault =
  '<s:Fault><faultcode>s:Server</faultcode><faultstring>no answer</faultstring><s:Code><s:Value>s:Receiver</s:Value></s:Code></s:Fault>';

/** The response's element; null where there is none to this message. */
async function answer(text: string, wsdl: WSDL, simulation: Simulation, service: SoapService): Promise<string | null> {
  const [request] = bodyOf(await readXml(text)).children;
  const operation = operationsOf(wsdl).find(
    ({ request: of }) => request !== undefined && of.names.includes(request.name),
  );
  if (request === undefined || operation === undefined) return null;
  const { name, type, response } = operation;
  const found = simulatedAnswer(name, type, request, simulation, service);
  const declared = ` xmlns:r="${escaped(response.namespace ?? request.namespace)}"`;
  return found?.xml(`r:${response.names[0]}`, response.qualified ? 'r:' : '', declared) ?? null;
}

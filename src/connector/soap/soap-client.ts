import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createClientAsync, type Client, type IHttpClient, type SoapMethod } from 'soap';
import { projectRoot } from '../../schema/project-root.ts';
import { accepted, openHttpClient, type HttpAnswer } from '../http/http-client.ts';
import { malformed } from '../rows/malformed.ts';
import { readSecret } from '../settings/secret.ts';
import type { SoapSettings } from '../settings/source-settings.ts';
import { SourceError } from '../source-error.ts';
import type { SoapService } from './declaration.ts';
import { HeldValues } from './held-values.ts';
import type { Elements } from './message.ts';
import { operationsOf, type Operation } from './operation.ts';
import type { Typed } from './read-rows.ts';
import { responseOf, SoapFault } from './response.ts';
import { usernameToken } from './username-token.ts';
import { xmlCharset } from './xml-charset.ts';
import { readXml, Unread } from './xml-element.ts';

export interface SoapClient {
  /** The response's element. Rejects with `SourceError`. */
  call(operation: string, message: Elements, signal: AbortSignal): Promise<Typed>;
  /** Resolves when something answers at the service's address, whatever it says. */
  reach(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

interface Opened {
  readonly client: Client;
  readonly operations: readonly Operation[];
}

/** A request as the soap package writes it. */
interface Written {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A client of the service, over our own HTTP. Its WSDL is read from disk, so that it opens while the service is down. The
 * soap package reads the WSDL and writes requests; answers are read here, since it cuts and mixes values.
 */
export function openSoapClient(agency: string, service: SoapService, settings: SoapSettings): SoapClient {
  const wsdl = resolve(projectRoot, service.wsdl);
  if (!existsSync(wsdl)) throw new TypeError(`the WSDL ${service.wsdl} is not there`);
  const { auth } = settings;
  const http = openHttpClient(
    agency,
    { ...settings, auth: auth.scheme === 'usernameToken' ? { scheme: 'none' } : auth },
    xmlCharset,
  );
  // Read now, so that a secret that is missing stops the start.
  if (auth.scheme === 'usernameToken') readSecret(auth.password);

  let written: Written | null = null;
  const transport: IHttpClient = {
    request(_address, body: unknown, callback, headers) {
      if (typeof body === 'string')
        written = {
          body,
          headers: Object.fromEntries(Object.entries(headers ?? {}).map(([k, v]) => [k.toLowerCase(), String(v)])),
        };
      // Parts of a WSDL lie beside it.
      else callback(new Error('nothing is read over the network'));
      return undefined as unknown as ReturnType<IHttpClient['request']>;
    },
  };

  let opening: Promise<Opened> | null = null;
  const open = (): Promise<Opened> => (opening ??= make().catch(forget));
  const make = async (): Promise<Opened> => {
    const client = await createClientAsync(wsdl, {
      httpClient: transport,
      endpoint: settings.url,
      disableCache: true,
      forceSoap12Headers: service.soap12 === true,
      attributesKey: '$attributes',
      valueKey: '$value',
    });
    for (const { element, namespace } of service.headers ?? []) client.addSoapHeader(element, '', 'h', namespace);
    return { client, operations: operationsOf(client.wsdl) };
  };
  const forget = (error: unknown): never => {
    opening = null;
    throw new SourceError(agency, `the WSDL of the ${agency} source cannot be read`, {
      cause: error,
      fault: 'REFUSED',
    });
  };

  /** The request, whose values the soap package does not see. */
  const write = (client: Client, { service: of, port, name }: Operation, message: Elements): Written => {
    const values = new HeldValues();
    const token = usernameToken(agency, auth, values);
    if (token !== null) client.setSecurity(token);
    const send = (client as unknown as Readonly<Record<string, Record<string, Record<string, SoapMethod>>>>)[of]?.[
      port
    ]?.[name];
    written = null;
    // It hands the request to `transport` before it returns, and then waits for ever.
    send?.(values.holdAll(message), () => undefined);
    if (written === null) throw new TypeError(`the WSDL ${service.wsdl} has no request for ${name}`);
    const { body, headers }: Written = written;
    return { body: values.release(body), headers };
  };

  return {
    async call(name, message, signal) {
      const { client, operations } = await open();
      const operation = operations.find((one) => one.name === name);
      if (operation === undefined) throw new TypeError(`the WSDL ${service.wsdl} has no operation ${name}`);
      const { body, headers } = write(client, operation, message);
      const answer = await http.exchange({
        method: 'POST',
        path: '',
        body,
        headers: { ...headers, accept: 'text/xml, application/soap+xml' },
        signal,
      });
      return { element: await readAnswer(agency, answer, operation, signal), type: operation.type, repeats: false };
    },
    async reach(signal) {
      await http.exchange({ method: 'GET', path: '', signal });
    },
    close: () => http.close(),
  };
}

/** The response in an answer. What went wrong is told apart. */
async function readAnswer(
  agency: string,
  answer: HttpAnswer,
  operation: Operation,
  signal: AbortSignal,
): Promise<Typed['element']> {
  // Whatever else it says: it is to be asked later.
  if (answer.status === 429 || answer.status === 503) accepted(agency, answer);
  if (/^\s*multipart\//i.test(answer.header('content-type') ?? '')) throw malformed(agency, 'comes in parts (MTOM)');
  try {
    const response = responseOf(await readXml(answer.text, signal), operation.response);
    accepted(agency, answer);
    return response;
  } catch (error) {
    if (error instanceof SoapFault)
      throw new SourceError(agency, `the ${agency} source answered with a fault`, {
        fault: error.isOurs ? 'REFUSED' : 'FAILED',
      });
    if (!(error instanceof Unread)) throw error;
    accepted(agency, answer);
    throw malformed(agency, error.message);
  }
}

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createClientAsync, WSSecurity, type Client, type IHttpClient } from 'soap';
import { projectRoot } from '../../schema/project-root.ts';
import { accepted, openHttpClient, type HttpAnswer } from '../http/http-client.ts';
import { readSecret } from '../settings/secret.ts';
import type { SoapSettings } from '../settings/source-settings.ts';
import { SourceError } from '../source-error.ts';
import type { SoapService } from './declaration.ts';
import { attributesKey, isElements, valueKey, type Elements } from './elements.ts';

export interface SoapClient {
  /** The response's elements. Rejects with `SourceError`. */
  call(operation: string, message: Elements, signal: AbortSignal): Promise<unknown>;
  /** Resolves when something answers at the service's address, whatever it says. */
  reach(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What becomes of one call's HTTP; travels with the call through the soap package. */
interface Exchange {
  readonly signal: AbortSignal;
  answer: HttpAnswer | null;
  error: unknown;
}

type Invoke = (message: Elements, options: { exchange: Exchange }) => Promise<readonly [unknown, ...unknown[]]>;

/** Text as it stands in the message: `007`, `1e5` and dates with their zones are the mapping's to read. */
const asText = Object.fromEntries(
  ['int', 'integer', 'short', 'long', 'double', 'float', 'decimal', 'bool', 'boolean', 'dateTime', 'date'].map(
    (type) => [type, (text: string) => text],
  ),
);

/** A client of the service, over our own HTTP. Its WSDL is read from disk, so that it opens while the service is down. */
export function openSoapClient(agency: string, service: SoapService, settings: SoapSettings): SoapClient {
  const wsdl = resolve(projectRoot, service.wsdl);
  if (!existsSync(wsdl)) throw new TypeError(`the WSDL ${service.wsdl} is not there`);
  const { auth } = settings;
  const http = openHttpClient(agency, {
    ...settings,
    auth: auth.scheme === 'usernameToken' ? { scheme: 'none' } : auth,
  });
  // Read now, so that a secret that is missing stops the start.
  security(settings);

  const transport: IHttpClient = {
    request(_address, body: string, callback, headers, options) {
      const { exchange } = options as { exchange: Exchange };
      const given = Object.fromEntries(Object.entries(headers ?? {}).map(([k, v]) => [k.toLowerCase(), String(v)]));
      http
        .exchange({
          method: 'POST',
          path: '',
          body,
          headers: { ...given, accept: 'text/xml, application/soap+xml' },
          signal: exchange.signal,
        })
        .then(
          (answer) => {
            exchange.answer = answer;
            callback(new Received());
          },
          (error: unknown) => {
            exchange.error = error;
            callback(error);
          },
        );
      return undefined as unknown as ReturnType<IHttpClient['request']>;
    },
  };

  let opening: Promise<Client> | null = null;
  const open = (): Promise<Client> => (opening ??= make().catch(forget));
  const make = async (): Promise<Client> => {
    const client = await createClientAsync(wsdl, {
      httpClient: transport,
      endpoint: settings.url,
      disableCache: true,
      handleNilAsNull: true,
      preserveWhitespace: true,
      forceSoap12Headers: service.soap12 === true,
      attributesKey,
      valueKey,
      customDeserializer: asText,
      // Where no message fits, an error; not a guess.
      returnFault: true,
    });
    client.setEndpoint(settings.url);
    for (const { element, namespace } of service.headers ?? []) client.addSoapHeader(element, '', 'h', namespace);
    return client;
  };
  const forget = (error: unknown): never => {
    opening = null;
    throw new SourceError(agency, `the WSDL of the ${agency} source cannot be read`, {
      cause: error,
      fault: 'REFUSED',
    });
  };

  return {
    async call(operation, message, signal) {
      const client = await open();
      const invoke = (client as unknown as Readonly<Record<string, Invoke | undefined>>)[`${operation}Async`];
      if (invoke === undefined) throw new TypeError(`the WSDL ${service.wsdl} has no operation ${operation}`);
      const exchange: Exchange = { signal, answer: null, error: null };
      try {
        const token = security(settings);
        if (token !== null) client.setSecurity(token);
        await invoke.call(client, message, { exchange });
        throw new TypeError('the soap package read an answer by itself');
      } catch (error) {
        if (!(error instanceof Received) || exchange.answer === null) throw soapError(agency, error, exchange);
      }
      try {
        return responseOf(client.wsdl, exchange.answer);
      } catch (error) {
        throw soapError(agency, error, exchange);
      }
    },
    async reach(signal) {
      await http.exchange({ method: 'GET', path: '', signal });
    },
    close: () => http.close(),
  };
}

/**
 * The answer is there. The soap package would go on to read it, but takes an empty answer for an empty result; it is read
 * by its WSDL in `responseOf` instead.
 */
class Received extends Error {}

/** The one element of the body; null where it is empty. Throws for a fault and for what is no response. */
function responseOf(wsdl: Client['wsdl'], { status, text }: HttpAnswer): unknown {
  // Entities of its own making are no part of any answer that we asked for.
  if (/<!DOCTYPE/i.test(text)) throw new Error('a document type');
  const envelope: unknown = wsdl.xmlToObject(text);
  if (status < 200 || status >= 300) throw new Error('no success');
  const body = isElements(envelope) ? envelope['Body'] : undefined;
  const found = isElements(body) ? Object.entries(body).filter(([name]) => name !== attributesKey) : [];
  const [response] = found;
  if (found.length !== 1 || response === undefined) throw new Error('no response');
  return response[1];
}

/** The UsernameToken of one call: its nonce is new each time, and so is a password that was changed. */
function security({ auth }: SoapSettings): WSSecurity | null {
  if (auth.scheme !== 'usernameToken') return null;
  return new WSSecurity(auth.user, readSecret(auth.password), {
    passwordType: auth.form === 'digest' ? 'PasswordDigest' : 'PasswordText',
    hasNonce: true,
    hasTimeStamp: true,
    hasTokenCreated: true,
  });
}

/** What went wrong, told apart. The fault's own text is not passed on: it may quote values. */
function soapError(agency: string, error: unknown, { answer, error: transport, signal }: Exchange): Error {
  if (error instanceof SourceError || error instanceof TypeError) return error;
  if (transport instanceof Error) return transport;
  if (signal.aborted) return signal.reason instanceof Error ? signal.reason : new Error('aborted');
  const code = faultCode(error);
  if (code !== null) {
    // SOAP 1.1 says Client, SOAP 1.2 Sender: the request itself is not accepted.
    const fault = /(?:^|:)(?:Client|Sender)(?:\.|$)/.test(code) ? 'REFUSED' : 'FAILED';
    return new SourceError(agency, `the ${agency} source answered with a fault`, { fault });
  }
  if (answer !== null && (answer.status < 200 || answer.status >= 300)) {
    try {
      accepted(agency, answer);
    } catch (refusal) {
      if (refusal instanceof Error) return refusal;
    }
  }
  return new SourceError(agency, `the ${agency} source gave an answer that is no SOAP response`, {
    fault: 'MALFORMED',
  });
}

/** The code of a SOAP fault in what the soap package throws; null where it is none. */
function faultCode(error: unknown): string | null {
  const { root } = error as { root?: { Envelope?: { Body?: { Fault?: Elements } } } };
  const fault = root?.Envelope?.Body?.Fault;
  if (fault === undefined) return null;
  const code = fault['faultcode'] ?? (fault['Code'] as Elements | undefined)?.['Value'] ?? '';
  if (typeof code === 'string') return code;
  const text = isElements(code) ? code[valueKey] : undefined;
  return typeof text === 'string' ? text : '';
}

import { isEncoded, withReferences } from './multi-refs.ts';
import type { MessageElement } from './operation.ts';
import { isBlank, Unread, type XmlElement } from './xml-element.ts';

/** The namespaces of SOAP 1.1 and 1.2. */
export const envelopes = [
  'http://schemas.xmlsoap.org/soap/envelope/',
  'http://www.w3.org/2003/05/soap-envelope',
] as const;

/** A fault instead of a response. Its text is not kept: it may quote values. */
export class SoapFault extends Error {
  /** Whether it says that the request itself is not accepted: `Client` in SOAP 1.1, `Sender` in 1.2. */
  readonly isOurs: boolean;

  constructor(code: string) {
    super('a fault');
    this.isOurs = /(?:^|:)(?:Client|Sender)(?:\.|$)/.test(code.trim());
  }
}

/** The operation's response in an envelope. Throws `SoapFault` for a fault, and `Unread` for anything else. */
export function responseOf(envelope: XmlElement, { names, namespace }: MessageElement): XmlElement {
  const body = bodyOf(envelope);
  const [first, ...others] = body.children;
  if (first === undefined) throw new Unread('is no SOAP response');
  if (first.name === 'Fault' && first.namespace === envelope.namespace) throw new SoapFault(codeOf(first));
  if (!names.includes(first.name) || (namespace !== null && first.namespace !== namespace))
    throw new Unread('is not the response of what was asked');
  if (isEncoded([envelope, body, first])) return withReferences(first, others);
  if (others.length > 0) throw new Unread('has no single response');
  return first;
}

/** The body of an envelope of SOAP 1.1 or 1.2. Throws `Unread` where there is none. */
export function bodyOf(envelope: XmlElement): XmlElement {
  const [body, ...others] = envelope.children.filter((one) => one.name === 'Body');
  if (
    envelope.name !== 'Envelope' ||
    !envelopes.some((one) => one === envelope.namespace) ||
    body?.namespace !== envelope.namespace ||
    others.length > 0 ||
    !isBlank(body)
  )
    throw new Unread('is no SOAP response');
  return body;
}

/** `faultcode` in SOAP 1.1, `Value` in `Code` in 1.2. */
function codeOf(fault: XmlElement): string {
  const code = fault.children.find(({ name }) => name === 'faultcode' || name === 'Code');
  return code?.children.find(({ name }) => name === 'Value')?.text ?? code?.text ?? '';
}

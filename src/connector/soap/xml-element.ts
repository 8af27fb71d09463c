import { setImmediate } from 'node:timers/promises';
import { SaxesParser, type SaxesAttributeNS } from 'saxes';

/** An element as it stands in a message. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly namespace: string;
  /** Declarations of namespaces are none of them. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** All text of its own, CDATA too; comments and instructions are no part of it. */
  readonly text: string;
}

export interface XmlAttribute {
  readonly name: string;
  readonly namespace: string;
  readonly value: string;
}

/** Why a message is not read, in words that hold nothing of it; goes on after "an answer that". */
export class Unread extends Error {}

/** Elements within one another, and of one message, that are read at most: what has more is no list of records. */
export const mostDeep = 100;
export const mostElements = 2_000_000;

/** Characters that are read before others have their turn: a large message takes seconds. */
const turn = 1 << 18;

const xmlns = 'http://www.w3.org/2000/xmlns/';
const none: readonly never[] = Object.freeze([]);

interface Open {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  children: readonly XmlElement[] | XmlElement[];
  text: string;
}

/** The root element of an XML document. Rejects with `Unread`, and with the signal's reason. */
export async function readXml(text: string, signal?: AbortSignal): Promise<XmlElement> {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const document = opened('', '', none);
  const open = [document];
  const innermost = (): Open => open.at(-1) ?? document;
  let count = 0;
  const add = (more: string): void => void (innermost().text += more);
  parser.on('error', () => {
    // The parser's message quotes the text.
    throw new Unread('is no XML');
  });
  // Entities of its own making are no part of any message that we asked for.
  parser.on('doctype', () => {
    throw new Unread('has a document type');
  });
  parser.on('opentag', ({ local, uri, attributes }) => {
    count += 1;
    if (count > mostElements || open.length > mostDeep) throw new Unread('has more elements than are read');
    const element = opened(local, uri, listed(attributes));
    const parent = innermost();
    if (parent.children === none) parent.children = [element];
    else (parent.children as XmlElement[]).push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.on('text', add);
  parser.on('cdata', add);
  for (let at = 0; at < text.length; at += turn) {
    if (at > 0) await setImmediate();
    signal?.throwIfAborted();
    parser.write(text.slice(at, at + turn));
  }
  parser.close();
  const [root] = document.children;
  if (root === undefined) throw new Unread('is no XML');
  return root;
}

function opened(name: string, namespace: string, attributes: readonly XmlAttribute[]): Open {
  return { name, namespace, attributes, children: none, text: '' };
}

function listed(attributes: Readonly<Record<string, SaxesAttributeNS>>): readonly XmlAttribute[] {
  const found = Object.values(attributes).filter(({ uri }) => uri !== xmlns);
  if (found.length === 0) return none;
  return found.map(({ local, uri, value }) => ({ name: local, namespace: uri, value }));
}

/** The attribute's value; null where there is none. */
export function attributeOf({ attributes }: XmlElement, name: string, namespace = ''): string | null {
  return attributes.find((one) => one.name === name && one.namespace === namespace)?.value ?? null;
}

/** Whether there is nothing but white space between the element's tags and its children. */
export function isBlank({ text }: XmlElement): boolean {
  return /^[ \t\r\n]*$/.test(text);
}

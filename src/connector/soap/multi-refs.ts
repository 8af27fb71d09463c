import { attributeOf, mostDeep, mostElements, Unread, type XmlElement } from './xml-element.ts';

/** SOAP 1.1's own encoding (section 5), in which an element can refer to one beside the response. */
const encoding = 'http://schemas.xmlsoap.org/soap/encoding/';

/** Whether one of these elements says that what it holds is so encoded. Elsewhere `id` and `href` are data. */
export function isEncoded(elements: readonly XmlElement[]): boolean {
  return elements.some(({ attributes }) =>
    attributes.some(({ name, value }) => name === 'encodingStyle' && value.split(/\s+/).includes(encoding)),
  );
}

/** Characters of text that weigh as much as an element. */
const weighed = 32;

/** An element with what it refers to inside it, and how many elements that is, with the weight of their texts. */
interface Whole {
  readonly element: XmlElement;
  readonly size: number;
}

/** The response with the elements that it refers to in the places where it does. Throws `Unread` for what leads nowhere, or round. */
export function withReferences(response: XmlElement, others: readonly XmlElement[]): XmlElement {
  const targets = new Map<string, XmlElement>();
  for (const one of others) {
    const id = attributeOf(one, 'id');
    if (id === null || targets.has(id)) throw new Unread('has no single response');
    targets.set(id, one);
  }
  const resolved = new Map<string, Whole | null>();

  const referred = (id: string, deep: number): Whole => {
    const known = resolved.get(id);
    const target = targets.get(id);
    // Null: it is being read, so it holds itself.
    if (target === undefined || known === null) throw new Unread('has references that lead nowhere');
    if (known !== undefined) return known;
    resolved.set(id, null);
    const found = whole(target, deep + 1);
    resolved.set(id, found);
    return found;
  };
  const whole = (element: XmlElement, deep: number): Whole => {
    if (deep > mostDeep) throw new Unread('has more elements than are read');
    const href = attributeOf(element, 'href');
    if (href?.startsWith('#') === true) {
      const found = referred(href.slice(1), deep);
      return { ...found, element: { ...found.element, name: element.name, namespace: element.namespace } };
    }
    const inside = element.children.map((child) => whole(child, deep + 1));
    // What is referred to twice counts twice: a few elements could stand for more than any memory holds.
    const size = inside.reduce((sum, one) => sum + one.size, 1 + Math.floor(element.text.length / weighed));
    if (size > mostElements) throw new Unread('has more elements than are read');
    return { element: { ...element, children: inside.map((one) => one.element) }, size };
  };
  return whole(response, 0).element;
}

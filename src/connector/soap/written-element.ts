import { escaped } from './xml-text.ts';

/** An element of an answer as the simulator writes it. Names are as in a declaration: `name` or `{namespace}name`. */
export class WrittenElement {
  readonly #attributes = new Map<string, string>();
  readonly #children: (readonly [string, WrittenElement])[] = [];
  #inside = '';

  /** One more element of this name inside. */
  add(name: string): WrittenElement {
    const child = new WrittenElement();
    this.#children.push([name, child]);
    return child;
  }

  /** The last of these elements, each inside the one before; made where it is not there. */
  at(path: readonly string[]): WrittenElement {
    const [name, ...further] = path;
    if (name === undefined) return this;
    const found = this.#children.findLast(([other]) => other === name)?.[1] ?? this.add(name);
    return found.at(further);
  }

  attribute(name: string, value: string): void {
    this.#attributes.set(name, value);
  }

  text(value: string): void {
    this.#inside = escaped(value);
  }

  nil(): void {
    this.attribute('{http://www.w3.org/2001/XMLSchema-instance}nil', 'true');
  }

  /** Its XML under this name. Elements inside without a namespace of their own have `prefix`. */
  xml(name: string, prefix: string, declared = ''): string {
    const [tag, declares] = tagOf(name, 'n');
    const attributes = [...this.#attributes].map(([one, value], i) => {
      const [as, of] = tagOf(one, `a${i}`);
      return `${of} ${as}="${escaped(value)}"`;
    });
    const inside = this.#children.map(([child, element]) =>
      element.xml(child.startsWith('{') ? child : `${prefix}${child}`, prefix),
    );
    return `<${tag}${declared}${declares}${attributes.join('')}>${this.#inside}${inside.join('')}</${tag}>`;
  }
}

/** The name with a prefix where it has a namespace, and what declares that. */
function tagOf(name: string, prefix: string): readonly [string, string] {
  const end = name.startsWith('{') ? name.indexOf('}') : -1;
  if (end < 0) return [name, ''];
  return [`${prefix}:${name.slice(end + 1)}`, ` xmlns:${prefix}="${escaped(name.slice(1, end))}"`];
}

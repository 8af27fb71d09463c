import { randomUUID } from 'node:crypto';
import { escaped } from './xml-text.ts';

/**
 * Stands in for the values of one message while the soap package writes it, which takes a text in the form of a CDATA
 * section for markup. The values are put in their places, as texts, once the message is written.
 */
export class HeldValues {
  readonly #mark = `held-${randomUUID()}`;
  readonly #values: string[] = [];

  /** A word in the value's place. */
  hold(value: unknown): string {
    return `${this.#mark}-${this.#values.push(escaped(String(value))) - 1}-`;
  }

  /** The same elements, with words in the places of all values. */
  holdAll(message: unknown): unknown {
    if (Array.isArray(message)) return message.map((one) => this.holdAll(one));
    if (typeof message !== 'object' || message === null) return this.hold(message);
    return Object.fromEntries(Object.entries(message).map(([name, value]) => [name, this.holdAll(value)]));
  }

  /** The message with the values in their places. */
  release(xml: string): string {
    return xml.replace(new RegExp(`${this.#mark}-(\\d+)-`, 'g'), (_, i: string) => this.#values[Number(i)] ?? '');
  }
}

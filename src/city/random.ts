/**
 * Repeatable random numbers (xoshiro128**, seeded through a 32-bit mix of the labels). A stream is named by its labels
 * alone, so any record can be made again without making those before it.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(...labels: readonly (string | number)[]) {
    let hash = 0x9e3779b9;
    for (const label of labels) hash = mixLabel(hash, label);
    this.#a = mix(hash + 0x6d2b79f5);
    this.#b = mix(hash + 0xdaa66d2b);
    this.#c = mix(hash + 0x47f24b61);
    this.#d = mix(hash + 0xb5312e97) | 1;
  }

  /** Uniform in [0, 1). */
  next(): number {
    const result = Math.imul(rotate(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = rotate(this.#d, 11);
    return result / 0x1_0000_0000;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(this.next() * list.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** One of the items, each as likely as its weight says. */
  weighted<T extends { readonly weight: number }>(list: readonly T[]): T {
    let rest = this.next() * list.reduce((sum, item) => sum + item.weight, 0);
    for (const item of list) {
      rest -= item.weight;
      if (rest < 0) return item;
    }
    return this.pick(list);
  }

  /** Decimal digits, the first of them possibly 0. */
  digits(length: number): string {
    let text = '';
    while (text.length < length) text += Math.floor(this.next() * 10);
    return text;
  }
}

function mixLabel(hash: number, label: string | number): number {
  const text = `${label};`;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** The finaliser of MurmurHash3. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/**
 * A function of finitely many variables with finitely many values each, as a reduced ordered decision diagram: two functions
 * of one `Diagrams` are equal exactly where they are the same node.
 */
export type Node = number;

/** The diagram has more nodes than it may: the question is too large to be decided. */
export class TooLarge extends Error {
  constructor() {
    super('too many cases to be told apart');
    this.name = 'TooLarge';
  }
}

interface Branching {
  readonly variable: number;
  /** One node for each value of the variable. */
  readonly branches: readonly Node[];
}

export class Diagrams {
  readonly #limit: number;
  readonly #nodes: (Branching | string)[] = [];
  readonly #unique = new Map<string, Node>();
  readonly #chosen = new Map<string, Node>();
  readonly yes: Node;
  readonly no: Node;

  /** `limit`: nodes that it may have; beyond, whatever is asked of it throws `TooLarge`. */
  constructor(limit: number) {
    this.#limit = limit;
    this.yes = this.terminal('yes');
    this.no = this.terminal('no');
  }

  /** The function that is this text everywhere. */
  terminal(text: string): Node {
    return this.#made(`= ${text}`, text);
  }

  /** The function that is, where the variable has its i-th value, the i-th branch. Branches speak of later variables alone. */
  branch(variable: number, branches: readonly Node[]): Node {
    const [first] = branches;
    if (first !== undefined && branches.every((node) => node === first)) return first;
    return this.#made(`${variable}: ${branches.join(' ')}`, { variable, branches });
  }

  /** `then` where `condition` is yes, else `otherwise`. */
  choose(condition: Node, then: Node, otherwise: Node): Node {
    if (condition === this.yes || then === otherwise) return then;
    if (condition === this.no) return otherwise;
    const key = `${condition} ${then} ${otherwise}`;
    const known = this.#chosen.get(key);
    if (known !== undefined) return known;
    const variable = Math.min(...[condition, then, otherwise].map((node) => this.#variableOf(node)));
    const width = Math.max(...[condition, then, otherwise].map((node) => this.#at(node, variable).length));
    const branches = Array.from({ length: width }, (_, i) =>
      this.choose(
        this.#part(condition, variable, i),
        this.#part(then, variable, i),
        this.#part(otherwise, variable, i),
      ),
    );
    const node = this.branch(variable, branches);
    this.#chosen.set(key, node);
    return node;
  }

  all(nodes: readonly Node[]): Node {
    return nodes.reduce((sum, node) => this.choose(sum, node, this.no), this.yes);
  }

  any(nodes: readonly Node[]): Node {
    return nodes.reduce((sum, node) => this.choose(sum, this.yes, node), this.no);
  }

  /** Whether `b` is yes wherever `a` is. */
  implies(a: Node, b: Node): boolean {
    return this.choose(a, b, this.yes) === this.yes;
  }

  /** The pairs of texts that two functions have at one place. */
  pairs(a: Node, b: Node): [string, string][] {
    const found = new Map<string, [string, string]>();
    const seen = new Set<string>();
    const visit = (x: Node, y: Node): void => {
      const key = `${x} ${y}`;
      if (seen.has(key)) return;
      seen.add(key);
      if (seen.size > this.#limit) throw new TooLarge();
      const [one, other] = [this.#nodes[x], this.#nodes[y]];
      if (typeof one === 'string' && typeof other === 'string') {
        found.set(JSON.stringify([one, other]), [one, other]);
        return;
      }
      const variable = Math.min(this.#variableOf(x), this.#variableOf(y));
      const width = Math.max(this.#at(x, variable).length, this.#at(y, variable).length);
      for (let i = 0; i < width; i += 1) visit(this.#part(x, variable, i), this.#part(y, variable, i));
    };
    visit(a, b);
    return [...found.values()];
  }

  #made(key: string, of: Branching | string): Node {
    const known = this.#unique.get(key);
    if (known !== undefined) return known;
    if (this.#nodes.length >= this.#limit) throw new TooLarge();
    const node = this.#nodes.push(of) - 1;
    this.#unique.set(key, node);
    return node;
  }

  #variableOf(node: Node): number {
    const of = this.#nodes[node];
    return of === undefined || typeof of === 'string' ? Number.POSITIVE_INFINITY : of.variable;
  }

  /** The node's branches by the variable; none where it does not begin with it. */
  #at(node: Node, variable: number): readonly Node[] {
    const of = this.#nodes[node];
    return of === undefined || typeof of === 'string' || of.variable !== variable ? [] : of.branches;
  }

  #part(node: Node, variable: number, value: number): Node {
    return this.#at(node, variable)[value] ?? node;
  }
}

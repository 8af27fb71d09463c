/** Tells what somebody should see to: of what lasts, once until it is solved. What keeps deliveries out is known until then. */
export class Problems {
  readonly #of: string;
  readonly #tell: (message: string) => void;
  readonly #told = new Map<string, string>();
  readonly #standing = new Set<string>();

  constructor(of: string, tell: (message: string) => void = () => undefined) {
    this.#of = of;
    this.#tell = tell;
  }

  tell(message: string): void {
    this.#tell(`${this.#of}: ${message}`);
  }

  /** `name` tells problems apart, and is not shown. */
  tellOnce(name: string, message: string): void {
    if (this.#told.get(name) === message) return;
    this.#told.set(name, message);
    this.tell(message);
  }

  /** Tells once, each, of what keeps deliveries out now under these names; others of the same kind are solved. */
  standing(kind: string, now: ReadonlyMap<string, string>): void {
    for (const name of this.#told.keys())
      if (name.startsWith(`${kind} `) && !now.has(name.slice(kind.length + 1))) {
        this.#told.delete(name);
        this.#standing.delete(name);
      }
    for (const [name, message] of now) {
      this.#standing.add(`${kind} ${name}`);
      this.tellOnce(`${kind} ${name}`, message);
    }
  }

  /** What keeps deliveries out now. */
  get lasting(): readonly string[] {
    return [...new Set([...this.#standing].map((name) => this.#told.get(name)).filter((m) => m !== undefined))];
  }
}

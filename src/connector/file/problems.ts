/** Tells what somebody should see to: of what lasts, once until it is solved. */
export class Problems {
  readonly #of: string;
  readonly #tell: (message: string) => void;
  readonly #told = new Map<string, string>();

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

  solved(name: string): void {
    this.#told.delete(name);
  }
}

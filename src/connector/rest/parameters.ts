import type { HttpCall } from '../http/http-client.ts';
import type { ListParameter, RestCall } from './declaration.ts';

type Value = string | number | readonly (string | number)[];

/** The parameters of one call, as they come together: a service may take the same name once only, so each is set once. */
export class Parameters {
  readonly #values = new Map<string, { readonly value: Value; readonly separator: string | null }>();

  set(name: string, value: string | number): void {
    this.#values.set(name, { value, separator: null });
  }

  setList({ name, separator }: ListParameter, values: readonly (string | number)[]): void {
    this.#values.set(name, { value: values, separator: separator ?? null });
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The call with these parameters where its method has them. */
  callOf({ method, path }: Pick<RestCall, 'method' | 'path'>): Omit<HttpCall, 'signal'> {
    if (method === 'POST') {
      const body = JSON.stringify(Object.fromEntries([...this.#values].map(([name, { value }]) => [name, value])));
      return { method, path, body, headers: { 'content-type': 'application/json' } };
    }
    const query = new URLSearchParams();
    for (const [name, { value, separator }] of this.#values) {
      if (!Array.isArray(value)) query.append(name, String(value));
      else if (separator !== null) query.append(name, value.join(separator));
      else for (const one of value as readonly (string | number)[]) query.append(name, String(one));
    }
    return { method, path, query };
  }

  /** The call in words: names of parameters and columns, and a `?` for each other value. */
  describe({ method, path, columns }: Pick<RestCall, 'method' | 'path' | 'columns'>): string {
    const parts = [...this.#values].map(([name, { value }]) =>
      name === columns?.name && Array.isArray(value) ? `${name}=${value.join(',')}` : `${name}=?`,
    );
    return `${method} ${path}${parts.length === 0 ? '' : `?${parts.join('&')}`}`;
  }
}

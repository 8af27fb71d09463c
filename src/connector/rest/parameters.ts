import type { HttpCall } from '../http/http-client.ts';
import type { ListParameter, RestCall } from './declaration.ts';
import { merged, nested } from './members.ts';

type Scalar = string | number | boolean;

interface Parameter {
  readonly value: Scalar | readonly Scalar[];
  readonly separator: string | null;
}

/** The parameters of one call, as they come together: a service may take the same name once only, so each is set once. */
export class Parameters {
  readonly #values = new Map<string, Parameter>();

  constructor(fixed: Readonly<Record<string, Scalar>> = {}) {
    for (const [name, value] of Object.entries(fixed)) this.set(name, value);
  }

  set(name: string, value: Scalar): void {
    this.#values.set(name, { value, separator: null });
  }

  setList({ name, separator }: ListParameter, values: readonly Scalar[]): void {
    this.#values.set(name, { value: values, separator: separator ?? null });
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The call with these parameters where its method has them. */
  callOf({ method, path }: Pick<RestCall, 'method' | 'path'>): Omit<HttpCall, 'signal'> {
    switch (method) {
      case 'GET':
        return { method, path, query: queryOf(this.#values) };
      case 'POST': {
        const members = [...this.#values].map(([name, { value }]) => nested(name.split('.'), value));
        const body = JSON.stringify(members.reduce((all, one) => merged(all, one), {}));
        return { method, path, body, headers: { 'content-type': 'application/json' } };
      }
    }
  }

  /** The call in words: names of parameters and columns, and a `?` for each other value. */
  describe({ method, path, columns }: Pick<RestCall, 'method' | 'path' | 'columns'>): string {
    const parts = [...this.#values].map(([name, { value }]) =>
      name === columns?.name && Array.isArray(value) ? `${name}=${value.join(',')}` : `${name}=?`,
    );
    return `${method} ${path}${parts.length === 0 ? '' : `?${parts.join('&')}`}`;
  }
}

/** Whether the call's parameter can take this value in a list: between others, one with the separator would be two. */
export function fitsList({ method }: Pick<RestCall, 'method'>, { separator }: ListParameter, value: Scalar): boolean {
  return method === 'POST' || separator === undefined || !String(value).includes(separator);
}

function queryOf(values: ReadonlyMap<string, Parameter>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, { value, separator }] of values) {
    const list: readonly Scalar[] = Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar];
    if (separator === null) for (const one of list) query.append(name, String(one));
    else query.append(name, list.join(separator));
  }
  return query;
}

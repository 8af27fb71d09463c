import { readSecret, secretRef } from '../settings/secret.ts';
import type { Bench } from './bench.ts';
import type { Stand } from './stand.ts';

/** A text that must stand in no error and no statement. */
export interface Unsayable {
  readonly what: string;
  readonly text: string;
}

/** The kit's keys and values that cannot be mistaken for a word, the secrets that the settings name, and the address. */
export function unsayable(bench: Bench, { settings, way, rows }: Stand): readonly Unsayable[] {
  const values = bench.entities.flatMap(({ type }) => {
    const texts = rows(type).flatMap((row) => Object.values(row.raw).filter((v) => typeof v === 'string'));
    return texts.filter((text) => /[^ -~]{3}|\d{6}/.test(text)).map((text) => text.slice(0, 40));
  });
  const address = way.kind === 'files' ? [] : [`127.0.0.1:${way.proxy.port}`, `localhost:${way.proxy.port}`];
  return [
    ...[...new Set(values)].map((text) => ({ what: "a record's value or key", text })),
    ...secretsIn(settings).map((text) => ({ what: 'a secret', text })),
    ...address.map((text) => ({ what: "the source's address", text })),
  ];
}

function secretsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const ref = secretRef.safeParse(value);
  if (!ref.success) return Object.values(value).flatMap(secretsIn);
  try {
    return [readSecret(ref.data)];
  } catch {
    // A secret that is not there cannot be said.
    return [];
  }
}

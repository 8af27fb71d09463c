import type { Disclosure } from '../disclosure.ts';
import { text } from './who.ts';

/**
 * By agency, in their order, what an answer took of it, as canonical JSON: `denied` and `unavailable` coordinates, `given`
 * ones with the line of the policy and its mask, and `records` by type with the fields that each gave. No value of any.
 */
export function sectionsOf(
  { given, denied, unavailable, records }: Disclosure,
  ownerOf: (coordinate: string) => string,
): Map<string, string> {
  const lines = linesByOwner(given);
  const deniedOf = groupBy(denied, ownerOf);
  const unavailableOf = groupBy(unavailable, ownerOf);
  const recordsOf = groupBy(records, (r) => r.owner);
  const owners = new Set([...lines.keys(), ...deniedOf.keys(), ...unavailableOf.keys(), ...recordsOf.keys()]);
  return new Map(
    [...owners].toSorted().map((owner) => {
      const listed = (recordsOf.get(owner) ?? []).map(
        ({ type, fields, ids }) => `{"fields":${text(fields)},"ids":${text(ids)},"type":${text(type)}}`,
      );
      return [
        owner,
        `{"denied":${text(deniedOf.get(owner) ?? [])},"given":[${lines.get(owner) ?? ''}],"records":[${listed.join(',')}],"unavailable":${text(unavailableOf.get(owner) ?? [])}}`,
      ];
    }),
  );
}

type Given = Disclosure['given'];

/** Most answers of a plan give by the same lines, which are then the same list. */
const known = new WeakMap<Given, ReadonlyMap<string, string>>();

function linesByOwner(given: Given): ReadonlyMap<string, string> {
  let lines = known.get(given);
  if (lines === undefined) {
    const byOwner = groupBy(given, ({ rule }) => rule.slice(0, rule.indexOf('/')));
    lines = new Map(
      [...byOwner].map(([owner, of]) => [
        owner,
        of
          .map(
            ({ coordinate, rule, mask }) =>
              `{"coordinate":${text(coordinate)},"mask":${text(mask)},"rule":${text(rule)}}`,
          )
          .join(','),
      ]),
    );
    known.set(given, lines);
  }
  return lines;
}

function groupBy<T>(of: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of of) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

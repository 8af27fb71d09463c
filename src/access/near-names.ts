import type { FilePath, ParsedPolicy } from './policy-file.ts';
import type { Problem } from './problem.ts';
import { suggestion } from './suggestion.ts';

/**
 * Callers of an agency that has no policy of its own, and whose name is nearly that of one that has. Agencies may ask that
 * share nothing, so an unknown name is no mistake by itself; one like this would let nobody in, or keep nobody out.
 */
export function nearNames(parsed: readonly ParsedPolicy[]): Problem[] {
  const owners = parsed.map((policy) => policy.value.agency);
  return parsed.flatMap((policy) => {
    const { consumers, rows, grants } = policy.value;
    const inList = (to: readonly unknown[], path: FilePath): Problem[] =>
      to.flatMap((one, i) => {
        const named = typeof one === 'object' && one !== null && 'agency' in one ? String(one.agency) : '*';
        const near = named === '*' || owners.includes(named) ? '' : suggestion(named, owners);
        return near === '' ? [] : [policy.problem([...path, i], `there is no agency ${named} with a policy.${near}`)];
      });
    return [
      ...Object.entries(consumers).flatMap(([name, of]) => inList(of, ['consumers', name])),
      ...rows.flatMap((row, i) => inList(row.to, ['rows', i, 'to'])),
      ...grants.flatMap((grant, i) => inList(grant.to, ['grants', i, 'to'])),
    ];
  });
}

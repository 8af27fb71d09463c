import type { FilePath, ParsedPolicy } from '../access/policy-file.ts';
import { suggestion } from '../access/suggestion.ts';
import type { PolicyFinding } from './finding.ts';

/**
 * Callers of an agency that has no policy of its own, and whose name is nearly that of one that has. Agencies may ask that
 * share nothing, so an unknown name is no mistake by itself; one like this would let nobody in, or keep nobody out.
 */
export function nearNames(parsed: readonly ParsedPolicy[]): PolicyFinding[] {
  const owners = parsed.map((policy) => policy.value.agency);
  return parsed.flatMap((policy) => {
    const { agency, consumers, rows, grants } = policy.value;
    const inList = (subject: string, to: readonly unknown[], path: FilePath): PolicyFinding[] =>
      to.flatMap((one, i) => {
        const named = typeof one === 'object' && one !== null && 'agency' in one ? String(one.agency) : '*';
        const near = named === '*' || owners.includes(named) ? '' : suggestion(named, owners);
        if (near === '') return [];
        return [
          {
            kind: 'NEAR_NAME',
            subject,
            file: policy.file,
            line: policy.problem([...path, i], '').line ?? null,
            message: `${subject} names callers of ${named}, an agency without a policy.${near}`,
            classes: [],
          },
        ];
      });
    return [
      ...Object.entries(consumers).flatMap(([name, of]) => inList(`${agency}/${name}`, of, ['consumers', name])),
      ...rows.flatMap((row, i) => inList(`${agency}/${row.id}`, row.to, ['rows', i, 'to'])),
      ...grants.flatMap((grant, i) => inList(`${agency}/${grant.id}`, grant.to, ['grants', i, 'to'])),
    ];
  });
}

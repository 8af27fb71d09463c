import { purposes, roles } from '../identity/principal.ts';

/**
 * Many classes in few words, one text a group: `hotline,grid SYSTEM,HANDLER DISPATCH,HANDLING` stands for each of the
 * agencies in each of the roles for each of the purposes. `any-role` and `any-purpose` stand for all of them. Nothing is
 * left out, and nothing added.
 */
export function classGroups(classes: readonly string[]): string[] {
  const byCaller = new Map<string, string[]>();
  for (const one of classes) {
    const [agency = '', role = '', purpose = ''] = one.split(' ');
    push(byCaller, `${agency} ${role}`, purpose);
  }
  const byAgency = new Map<string, string[]>();
  for (const [caller, of] of byCaller) {
    const [agency = '', role = ''] = caller.split(' ');
    push(byAgency, `${agency} ${listed(of, purposes, 'any-purpose')}`, role);
  }
  const groups = new Map<string, string[]>();
  for (const [key, of] of byAgency) {
    const [agency = '', purposeList = ''] = key.split(' ');
    push(groups, `${listed(of, roles, 'any-role')} ${purposeList}`, agency);
  }
  return [...groups].map(([rest, agencies]) => `${agencies.join(',')} ${rest}`);
}

function listed(some: readonly string[], all: readonly string[], everything: string): string {
  return all.every((one) => some.includes(one)) ? everything : some.join(',');
}

function push(groups: Map<string, string[]>, key: string, one: string): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [one]);
  else group.push(one);
}

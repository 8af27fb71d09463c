import { catalogueItems } from '../../catalogue/catalogue.ts';
import type { Contract } from '../house.ts';
import type { HubRoot } from '../hub-root.ts';
import type { PolicyInForce } from '../policy-in-force.ts';

/** `catalogue`: open to every identified caller, on the terms of the policies in force. */
export function catalogueRoot(contract: Contract, policies: PolicyInForce): HubRoot {
  return {
    operation: 'query',
    field: 'catalogue',
    roles: 'anyone',
    answer: ({ agency, type }) =>
      catalogueItems(contract.catalogue(policies.current), { agency: textOf(agency), type: textOf(type) }),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

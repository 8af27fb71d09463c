import { loadConfig } from '../../src/config/config.ts';
import type { ActionInput } from '../../src/handoffs/action-inputs.ts';
import { deed, type Deed } from '../../src/handoffs/deed.ts';
import { checkFit } from '../../src/handoffs/fits.ts';
import type { Action } from '../../src/handoffs/machine.ts';
import type { ActionCall } from '../../src/handoffs/ticket-desk.ts';
import type { Principal, Purpose, Role } from '../../src/identity/principal.ts';

export const settings = loadConfig({});

/** Somebody who acts, for one purpose. */
export interface Actor {
  readonly principal: Principal;
  readonly purpose: Purpose;
}

export function actor(agency: string, role: Role, purpose: Purpose, unit: string | null = null): Actor {
  return {
    purpose,
    principal: {
      subject: `${agency}:${role}:${unit ?? ''}`,
      issuer: 'urn:test',
      tokenId: 'token',
      agency,
      role,
      unit,
      operator: null,
      areas: ['350102'],
      grids: [],
      purposes: [purpose],
      expiresAt: 4_000_000_000,
    },
  };
}

/** A call of somebody who is shown everything: what the policy shows is tested through the hub. */
export function callOf(
  { principal, purpose }: Actor,
  action: Action,
  says: Partial<Deed>,
  on: {
    readonly ticketNo: string;
    readonly expectedVersion: number;
    readonly idempotencyKey: string;
    readonly at: number;
  },
): ActionCall {
  const { at, ...target } = on;
  const input: ActionInput = { ...target, action, deed: deed(says) };
  return {
    ...input,
    principal,
    purpose,
    at,
    sight: { sees: () => true, isGiven: () => true },
    fits: (ticket) => checkFit(input, ticket, settings),
  };
}

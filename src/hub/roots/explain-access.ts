import { OperationTypeNode } from 'graphql';
import type { PlanSources } from '../../access/selection-planner.ts';
import type { AccessClass } from '../../access/policy.ts';
import { isAgencyCode } from '../../codes/agency.ts';
import { codedError } from '../../errors/coded-error.ts';
import { purposes, roles } from '../../identity/principal.ts';
import { anyOther, callingAgencies, nearAgency } from '../../policy/classes.ts';
import type { Documents } from '../documents.ts';
import { explainQuery } from '../explain.ts';
import type { HubRoot, RootCaller } from '../hub-root.ts';
import { oneOf, textOf, type Arguments } from './arguments.ts';

/** `explainAccess`: what a query would give its caller; for a data steward, what it would give anybody. */
export function explainAccessRoot(
  documents: Documents,
  sources: () => PlanSources,
  agencies: readonly string[],
): HubRoot {
  return {
    operation: 'query',
    field: 'explainAccess',
    roles: 'anyone',
    answer(args, caller) {
      const of = classOf(args, caller, callingAgencies(agencies, sources().policy));
      const { agency, role } = caller.principal;
      const prepared = documents.prepare(String(args['query']), textOf(args, 'operationName'), false);
      if (prepared.operation.operation === OperationTypeNode.SUBSCRIPTION)
        throw codedError(
          'OPERATION_NOT_SUPPORTED',
          'explain what a subscription gives as a query: what stands under its ticket, under ticket(ticketNo)',
        );
      return explainQuery(prepared, of, sources(), (owner) => role === 'STEWARD' && owner === agency);
    },
  };
}

/** The class to explain for. Throws `BAD_USER_INPUT`, and `FIELD_DENIED` to whoever asks about others and may not. */
function classOf(args: Arguments, { principal, purpose }: RootCaller, known: readonly string[]): AccessClass {
  const agency = textOf(args, 'agency') ?? principal.agency;
  if (agency !== anyOther && !isAgencyCode(agency))
    throw codedError('BAD_USER_INPUT', "agency must be an agency's name, or * for one that no connector stands for");
  const role = oneOf(args, 'role', roles) ?? principal.role;
  const other = agency !== principal.agency || role !== principal.role;
  if (other && principal.role !== 'STEWARD')
    throw codedError(
      'FIELD_DENIED',
      'explainAccess: another agency or role is explained to a STEWARD only; leave agency and role out',
      { extensions: { coordinate: 'Query.explainAccess', agency: principal.agency } },
    );
  const near = agency === principal.agency ? '' : nearAgency(agency, known);
  if (near !== '') throw codedError('BAD_USER_INPUT', `agency: there is no such agency.${near}`);
  return { agency, role, purpose: oneOf(args, 'purpose', purposes) ?? purpose };
}

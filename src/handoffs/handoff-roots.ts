import type { SchemaFacts } from '../access/facts.ts';
import type { Policy } from '../access/policy.ts';
import { canonicalTicketNo } from '../codes/ticket-no.ts';
import type { LoadedConfig } from '../config/config.ts';
import { codedError } from '../errors/coded-error.ts';
import type { CursorSeal } from '../gate/cursor.ts';
import type { HubRoot, RootCaller } from '../hub/hub-root.ts';
import type { Purpose } from '../identity/principal.ts';
import { readInput } from '../requests/read-input.ts';
import { storeFault } from '../store/faults.ts';
import type { TicketDatabase } from '../store/ticket-database.ts';
import { actionMutations, type ActionMutation } from './action-inputs.ts';
import { checkFit } from './fits.ts';
import { act } from './ticket-desk.ts';
import { pushRoots } from './push/push-roots.ts';
import type { WithTicketFile } from './ticket-file.ts';
import { ticketKeeper } from './ticket-keeper.ts';
import { ticketSight } from './ticket-sight.ts';
import { openActions, standingView } from './ticket-view.ts';
import { actingRoles, partiesOf } from './who-may.ts';

/** Actions on tickets. */
export interface Handoffs {
  readonly roots: readonly HubRoot[];
  /** Makes the tables of a server's store. Rejects where it cannot be used now: whoever needs it first then tries again. */
  prepare(): Promise<void>;
  /** The database of the tickets; null where this hub keeps none. */
  database(): Promise<TicketDatabase | null>;
  /** For others that read and write tickets; null where they are kept in another system. */
  readonly withFile: WithTicketFile | null;
  close(): Promise<void>;
}

export interface HandoffParts {
  readonly config: LoadedConfig;
  readonly facts: SchemaFacts;
  readonly policies: { readonly current: { readonly policy: Policy } };
  readonly seal: CursorSeal;
  /** Called when there are new events. */
  readonly onEvents: () => void;
}

/** The root fields of actions on tickets. The store is opened when it is needed: the hub starts without it. */
export function openHandoffs(parts: HandoffParts): Handoffs {
  const keeper = ticketKeeper(parts.config, parts.onEvents);
  const withFile: WithTicketFile = async (work) => {
    if (keeper === null) throw keptElsewhere();
    try {
      const file = await keeper.file();
      if (file !== null) return await work(file);
    } catch (error) {
      switch (storeFault(error)) {
        case 'NOT_ALLOWED':
          throw keptElsewhere();
        case 'UNAVAILABLE':
          break;
        case null:
          throw error;
      }
    }
    throw codedError(
      'SOURCE_UNAVAILABLE',
      'the ticket record cannot be used now; try again: what is done under one idempotencyKey is done once',
      {
        extensions: { agency: 'hotline' },
      },
    );
  };
  return {
    roots: [
      ...actionMutations.map((one) => mutation(one, parts, withFile)),
      task(parts, withFile),
      ...pushRoots({ ...parts, withFile }),
    ],
    async prepare() {
      if (keeper?.onServer === true) await keeper.file();
    },
    database: async () => (await keeper?.file())?.database ?? null,
    withFile: keeper === null ? null : withFile,
    close: async () => keeper?.close(),
  };
}

const keptElsewhere = (): Error =>
  codedError(
    'OPERATION_NOT_SUPPORTED',
    'this hub reads the ticket record from another system (sources.hotline); act on tickets there',
  );

function mutation(of: ActionMutation, { config, facts, policies }: HandoffParts, withFile: WithTicketFile): HubRoot {
  return {
    operation: 'mutation',
    field: of.field,
    roles: actingRoles,
    async answer(args, caller) {
      const { principal, at } = caller;
      const input = readInput(of.form, args);
      const purpose = purposeOf(caller);
      const acted = await withFile((file) =>
        act(
          file,
          {
            ...input,
            principal,
            purpose,
            at,
            ticketNo: canonicalTicketNo(input.ticketNo),
            sight: ticketSight(policies.current.policy, facts, principal, purpose, at),
            fits: (ticket) => checkFit(input, ticket, config),
          },
          config,
        ),
      );
      if (acted === null) return null;
      const { answer, report } = acted;
      recordTicket(caller, answer.ticketNo, report);
      // The number of a report's handoff would tell who handles it.
      if (!report) caller.record('Handoff', 'hotline', answer.runId);
      return answer;
    },
  };
}

/** `ticketTask`: how a ticket stands, what its caller can do now, and by when. */
function task({ config, facts, policies }: HandoffParts, withFile: WithTicketFile): HubRoot {
  return {
    operation: 'query',
    field: 'ticketTask',
    roles: 'anyone',
    async answer(args, caller) {
      const { principal, at } = caller;
      const purpose = purposeOf(caller);
      const sight = ticketSight(policies.current.policy, facts, principal, purpose, at);
      const ticket = await withFile((file) => file.find(canonicalTicketNo(String(args['ticketNo']))));
      if (ticket === null || !sight.sees(ticket)) return null;
      recordTicket(caller, ticket.ticketNo, ticket.report);
      const parties = partiesOf(principal, purpose, ticket);
      return {
        ...standingView(ticket, sight, at, config),
        version: parties.length === 0 ? null : ticket.version,
        actions: openActions(ticket, parties, at),
      };
    },
  };
}

function recordTicket(caller: RootCaller, ticketNo: string, report: boolean): void {
  if (report) caller.seal(ticketNo);
  caller.record('Ticket', 'hotline', ticketNo);
}

/** What is done on a ticket shows what it holds, so a purpose is named as for a read. */
function purposeOf({ purpose }: RootCaller): Purpose {
  if (purpose === null)
    throw codedError('PURPOSE_REQUIRED', 'name what you act for in the header Lianqiao-Purpose, as for a read');
  return purpose;
}

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SchemaFacts } from '../access/facts.ts';
import type { Policy } from '../access/policy.ts';
import { canonicalTicketNo } from '../codes/ticket-no.ts';
import type { LoadedConfig } from '../config/config.ts';
import { codedError } from '../errors/coded-error.ts';
import type { CursorSeal } from '../gate/cursor.ts';
import type { HubRoot, RootCaller } from '../hub/hub-root.ts';
import type { Purpose } from '../identity/principal.ts';
import { readInput } from '../requests/read-input.ts';
import { isUnavailable } from '../requests/request-file.ts';
import { actionMutations, type ActionMutation } from './action-inputs.ts';
import { checkFit } from './fits.ts';
import { act } from './ticket-desk.ts';
import { pushRoots } from './push/push-roots.ts';
import { openTicketFile, type TicketFile, type WithTicketFile } from './ticket-file.ts';
import { ticketSight } from './ticket-sight.ts';
import { openActions, standingView } from './ticket-view.ts';
import { actingRoles, partiesOf } from './who-may.ts';

/** Actions on tickets. */
export interface Handoffs {
  readonly roots: readonly HubRoot[];
  close(): void;
}

export interface HandoffParts {
  readonly config: LoadedConfig;
  readonly facts: SchemaFacts;
  readonly policies: { readonly current: { readonly policy: Policy } };
  readonly seal: CursorSeal;
}

/** The root fields of actions on tickets. The store is opened by the first that needs it: the hub starts without it. */
export function openHandoffs(parts: HandoffParts): Handoffs {
  const path = ticketFileOf(parts.config);
  let opened: OpenedFile | null = null;
  const withFile = <T>(work: (file: TicketFile) => T): T => {
    if (path === null)
      throw codedError(
        'OPERATION_NOT_SUPPORTED',
        'this hub reads the ticket record from another system (sources.hotline); act on tickets there',
      );
    try {
      opened = stillThere(path, opened);
      if (opened !== null) return work(opened.file);
    } catch (error) {
      if (!isUnavailable(error) && !isFileError(error)) throw error;
    }
    throw codedError('SOURCE_UNAVAILABLE', 'the ticket record cannot be used now; nothing was changed; try again', {
      extensions: { agency: 'hotline' },
    });
  };
  return {
    roots: [
      ...actionMutations.map((one) => mutation(one, parts, withFile)),
      task(parts, withFile),
      ...pushRoots({ ...parts, withFile }),
    ],
    close: () => opened?.file.close(),
  };
}

/** The open store and which file it is: another one may take its place while the hub runs. */
interface OpenedFile {
  readonly file: TicketFile;
  readonly inode: number;
}

/** The store of this path. A file that was replaced is opened anew: what is written into the old one would be lost. */
function stillThere(path: string, opened: OpenedFile | null): OpenedFile | null {
  const inode = statSync(path, { throwIfNoEntry: false })?.ino;
  if (opened !== null && opened.inode === inode) return opened;
  opened?.file.close();
  const file = inode === undefined ? null : openTicketFile(path);
  return file === null || inode === undefined ? null : { file, inode };
}

/** The file system's doing: a right that is missing, a folder where the file should be. */
function isFileError(error: unknown): boolean {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}

function mutation(of: ActionMutation, { config, facts, policies }: HandoffParts, withFile: WithTicketFile): HubRoot {
  return {
    operation: 'mutation',
    field: of.field,
    roles: actingRoles,
    answer(args, caller) {
      const { principal, at } = caller;
      const input = readInput(of.form, args);
      const purpose = purposeOf(caller);
      const acted = withFile((file) =>
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
    answer(args, caller) {
      const { principal, at } = caller;
      const purpose = purposeOf(caller);
      const sight = ticketSight(policies.current.policy, facts, principal, purpose, at);
      const ticket = withFile((file) => file.find(canonicalTicketNo(String(args['ticketNo']))));
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

/** The SQLite file that holds the tickets; null where the configuration keeps them elsewhere. */
function ticketFileOf({ sources, dataDir }: LoadedConfig): string | null {
  const settings = sources['hotline'];
  if (settings === undefined) return resolve(dataDir, 'hotline.db');
  return settings.kind === 'sql' && settings.client === 'sqlite' && settings.file !== undefined
    ? resolve(dataDir, settings.file)
    : null;
}

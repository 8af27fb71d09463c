import { z } from 'zod';
import { cursorList } from '../gate/cursor-list.ts';
import type { CursorSeal } from '../gate/cursor.ts';
import type { HubRoot, RootCaller } from '../hub/hub-root.ts';
import { classGroups } from '../policy/class-groups.ts';
import type { Turns } from '../policy/turns.ts';
import type { ApplicationDesk } from './application-changes.ts';
import { applicationStates, awaitsOwner, isYes, type ApplicationState } from './application-states.ts';
import type { Application } from './application.ts';
import { dateOf, isOverdue } from './overdue.ts';
import { proposedChange } from './policy-change.ts';
import { withFile } from './request-file.ts';
import { pageOf, pageStart } from './request-page.ts';
import { applicationReaders, partyOf, seesApplication, shelfOf, spokesmen } from './who-may.ts';

const filterForm = z
  .object({
    state: z.array(z.enum([...applicationStates, 'IN_FORCE'])).nullish(),
    owner: z.string().nullish(),
    applicant: z.string().nullish(),
    overdue: z.boolean().nullish(),
  })
  .nullish();

/** The queries on access applications. */
export function applicationQueries(desk: ApplicationDesk, seal: CursorSeal, turns: Turns): HubRoot[] {
  return [
    {
      operation: 'query',
      field: 'accessApplication',
      roles: applicationReaders,
      answer: (args, caller) =>
        withFile(() => {
          const application = visible(desk, args, caller);
          return application === null ? null : shown(desk, application, caller);
        }),
    },
    {
      operation: 'query',
      field: 'accessApplications',
      roles: applicationReaders,
      answer: (args, caller) => withFile(() => page(desk, seal, args, caller)),
    },
    {
      operation: 'query',
      field: 'accessPolicyChange',
      roles: spokesmen,
      answer: (args, caller) =>
        withFile(() => {
          const application = visible(desk, args, caller);
          // The whole file is the owner's own matter.
          if (application === null || partyOf(caller.principal, application) !== 'OWNER') return null;
          const terms = termsOf(application);
          if (terms === null) return null;
          caller.record('AccessApplication', application.owner, application.number);
          return changeOf(desk, application, terms, turns);
        }),
    },
  ];
}

function page(
  { book, views }: ApplicationDesk,
  seal: CursorSeal,
  args: Readonly<Record<string, unknown>>,
  caller: RootCaller,
): unknown {
  const filter = filterForm.parse(args['filter']) ?? {};
  const today = dateOf(caller.at);
  const name = cursorList('accessApplications', [], args, caller);
  const start = pageStart(name, args, seal);
  const list = book.list({
    ...shelfOf(caller.principal),
    states: storedStates(filter.state ?? null, filter.overdue ?? null),
    owner: filter.owner ?? null,
    applicant: filter.applicant ?? null,
    before: start.before,
  });
  const fits = (one: Application): boolean =>
    (filter.state == null || filter.state.includes(views.stateOf(one))) &&
    (filter.overdue == null || isOverdue(one, today) === filter.overdue);
  const { nodes, pageInfo } = pageOf(name, start, list, fits, seal);
  for (const { owner, number } of nodes) caller.record('AccessApplication', owner, number);
  return { nodes: nodes.map((one) => views.view(one, today)), pageInfo };
}

/** The stored states that can show as the asked ones. */
function storedStates(
  asked: readonly (ApplicationState | 'IN_FORCE')[] | null,
  overdue: boolean | null,
): readonly ApplicationState[] | null {
  if (asked === null) return overdue === true ? applicationStates.filter(awaitsOwner) : null;
  return applicationStates.filter((s) => asked.includes(s) || (isYes(s) && asked.includes('IN_FORCE')));
}

function visible(
  { book }: ApplicationDesk,
  args: Readonly<Record<string, unknown>>,
  { principal }: RootCaller,
): Application | null {
  const found = book.find(String(args['applicationNo']));
  return found !== null && seesApplication(principal, found) ? found : null;
}

function shown({ views }: ApplicationDesk, application: Application, caller: RootCaller): unknown {
  caller.record('AccessApplication', application.owner, application.number);
  return views.view(application, dateOf(caller.at));
}

/** As asked while the owner decides, as granted once it said yes; null where there is nothing to change. */
function termsOf({ state, content }: Application): Parameters<typeof proposedChange>[1] | null {
  if (awaitsOwner(state)) return { ...content.asked, law: content.basis };
  return content.decision?.granted ?? null;
}

async function changeOf(
  { contract, policies }: ApplicationDesk,
  application: Application,
  terms: Parameters<typeof proposedChange>[1],
  turns: Turns,
): Promise<unknown> {
  const change = await turns.take(proposedChange(application, terms, contract, policies.current));
  const changes = change.changes.map((c) => ({ ...c, callers: classGroups(c.classes) }));
  return { applicationNo: application.number, ...change, changes };
}

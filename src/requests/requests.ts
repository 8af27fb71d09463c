import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { CursorSeal } from '../gate/cursor.ts';
import type { Disputes } from '../gate/disputes.ts';
import type { Contract, JudgedPolicies } from '../hub/house.ts';
import type { HubRoot } from '../hub/hub-root.ts';
import { createTurns } from '../policy/turns.ts';
import { applicationChanges } from './application-changes.ts';
import { applicationQueries } from './application-queries.ts';
import { applicationActions, applicationStates, awaitsOwner } from './application-states.ts';
import { createApplicationView } from './application-view.ts';
import { applicationContent } from './application.ts';
import { correctionRoots } from './correction-roots.ts';
import { correctionActions, correctionStates } from './correction-states.ts';
import { correctionContent } from './correction.ts';
import { openGivenFields } from './given-fields.ts';
import { openDisputesOf } from './open-disputes.ts';
import { openRequestBook } from './request-book.ts';
import { openRequestFile } from './request-file.ts';

/** Access applications and correction requests, opened. */
export interface Requests {
  readonly roots: readonly HubRoot[];
  /** For the gate: which fields are disputed now. */
  readonly disputes: Disputes;
  close(): void;
}

export interface RequestsParts {
  /** Holds `requests.db`, made when missing, and `ledger.db`, which must be there. */
  readonly dataDir: string;
  readonly config: Pick<
    Config,
    'applicationAnswerDays' | 'correctionAnswerDays' | 'correctionEscalationDays' | 'correctionWindowDays'
  >;
  readonly contract: Contract;
  readonly policies: { readonly current: JudgedPolicies };
  readonly seal: CursorSeal;
}

/** Opens the book of requests. Throws where a file cannot be opened. */
export function openRequests({ dataDir, config, contract, policies, seal }: RequestsParts): Requests {
  const file = openRequestFile(join(dataDir, 'requests.db'));
  const applications = openRequestBook(file.database, {
    kind: 'APPLICATION',
    series: 'SQ',
    states: applicationStates,
    actions: applicationActions,
    content: applicationContent,
    awaitsOwner,
    answerDays: config.applicationAnswerDays,
    escalationDays: 0,
  });
  const corrections = openRequestBook(file.database, {
    kind: 'CORRECTION',
    series: 'JH',
    states: correctionStates,
    actions: correctionActions,
    content: correctionContent,
    awaitsOwner: (state) => state === 'SUBMITTED',
    answerDays: config.correctionAnswerDays,
    escalationDays: config.correctionEscalationDays,
  });
  applications.settleDueDays();
  corrections.settleDueDays();
  const given = openGivenFields(join(dataDir, 'ledger.db'), config.correctionWindowDays);
  const disputes = openDisputesOf(file.database);
  const views = createApplicationView(applications, contract, policies);
  const desk = { file, book: applications, views, contract, policies };
  const { facts } = contract;
  return {
    roots: [
      ...applicationChanges(desk),
      ...applicationQueries(desk, seal, createTurns()),
      ...correctionRoots({ file, book: corrections, facts, given, disputes, seal }),
    ],
    disputes,
    close() {
      given.close();
      file.close();
    },
  };
}

import { printMachine, type StateMachine } from './state-machine.ts';

/** The states that an application is stored in. */
export const applicationStates = [
  'SUBMITTED',
  'RETURNED',
  'RESUBMITTED',
  'WITHDRAWN',
  'ACCEPTED',
  'PARTLY_ACCEPTED',
  'REFUSED',
] as const;
export type ApplicationState = (typeof applicationStates)[number];

/** As it is shown: a yes is `IN_FORCE` once the policy in force carries it out. No move makes that state. */
export type ShownApplicationState = ApplicationState | 'IN_FORCE';

/** What can happen to an application after it was submitted. */
export type ApplicationMove = 'WITHDRAW' | 'RETURN' | 'RESUBMIT' | 'ACCEPT' | 'ACCEPT_PART' | 'REFUSE';

/** Everything that its history can hold. */
export const applicationActions = [
  'SUBMIT',
  'WITHDRAW',
  'RETURN',
  'RESUBMIT',
  'ACCEPT',
  'ACCEPT_PART',
  'REFUSE',
] as const satisfies readonly ('SUBMIT' | ApplicationMove)[];
export type ApplicationAction = (typeof applicationActions)[number];

const withOwner = {
  WITHDRAW: { by: 'APPLICANT', to: 'WITHDRAWN' },
  RETURN: { by: 'OWNER', to: 'RETURNED' },
  ACCEPT: { by: 'OWNER', to: 'ACCEPTED' },
  ACCEPT_PART: { by: 'OWNER', to: 'PARTLY_ACCEPTED' },
  REFUSE: { by: 'OWNER', to: 'REFUSED' },
} as const;

export const applicationMachine: StateMachine<ApplicationState, ApplicationMove> = {
  SUBMITTED: withOwner,
  RETURNED: {
    WITHDRAW: { by: 'APPLICANT', to: 'WITHDRAWN' },
    RESUBMIT: { by: 'APPLICANT', to: 'RESUBMITTED' },
  },
  RESUBMITTED: withOwner,
  WITHDRAWN: {},
  ACCEPTED: {},
  PARTLY_ACCEPTED: {},
  REFUSED: {},
};

/** Whether the owner has to answer: then the days count. */
export function awaitsOwner(state: ApplicationState): boolean {
  return state === 'SUBMITTED' || state === 'RESUBMITTED';
}

/** Whether the owner said yes. */
export function isYes(state: ApplicationState): boolean {
  return state === 'ACCEPTED' || state === 'PARTLY_ACCEPTED';
}

export function applicationDiagram(): string {
  const merged = 'the policy in force gives it';
  return printMachine(applicationMachine, { state: 'SUBMITTED', action: 'SUBMIT' }, [
    { from: 'ACCEPTED', to: 'IN_FORCE', when: merged },
    { from: 'PARTLY_ACCEPTED', to: 'IN_FORCE', when: merged },
  ]);
}

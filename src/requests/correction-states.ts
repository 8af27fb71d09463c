import { printMachine, type StateMachine } from './state-machine.ts';

/** The states of a correction request (校核). `ACCEPTED`: corrected at the source. */
export const correctionStates = ['SUBMITTED', 'ACCEPTED', 'REJECTED', 'WITHDRAWN'] as const;
export type CorrectionState = (typeof correctionStates)[number];

/** What can happen to it after it was submitted. */
export type CorrectionMove = 'ACCEPT' | 'REJECT' | 'WITHDRAW';

/** Everything that its history can hold. */
export const correctionActions = ['SUBMIT', 'ACCEPT', 'REJECT', 'WITHDRAW'] as const satisfies readonly (
  'SUBMIT' | CorrectionMove
)[];
export type CorrectionAction = (typeof correctionActions)[number];

export const correctionMachine: StateMachine<CorrectionState, CorrectionMove> = {
  SUBMITTED: {
    ACCEPT: { by: 'OWNER', to: 'ACCEPTED' },
    REJECT: { by: 'OWNER', to: 'REJECTED' },
    WITHDRAW: { by: 'APPLICANT', to: 'WITHDRAWN' },
  },
  ACCEPTED: {},
  REJECTED: {},
  WITHDRAWN: {},
};

export function correctionDiagram(): string {
  return printMachine(correctionMachine, { state: 'SUBMITTED', action: 'SUBMIT' });
}

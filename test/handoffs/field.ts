import { parties, type Action, type Party } from '../../src/handoffs/machine.ts';
import { stages, type Stage } from '../../src/handoffs/stages.ts';

/* The words of the field, written down a second time beside the declaration: who may do what when. */
const [D, S, V, L, W, C] = parties;

const held = ['DISPATCHED', 'SIGNED_FOR', 'IN_PROGRESS', 'EXTENSION_REQUESTED', 'RETURN_REFUSED', 'REWORK'] as const;
const handled = ['IN_PROGRESS', 'EXTENSION_REQUESTED'] as const;
const withHotline = ['ACCEPTED', 'CONSULTING', 'TAKEN_BACK'] as const;
const open = stages.filter((stage) => stage !== 'CLOSED' && stage !== 'ARCHIVED');

/** Where each action may be made, by whom, and where it leads; `=` is where the ticket stands. */
const field: Readonly<Record<Action, readonly (readonly [readonly Stage[], readonly Party[], Stage | '='])[]>> = {
  DISPATCH: [[['ACCEPTED', 'CONSULTING'], [D], 'DISPATCHED']],
  CONSULT: [
    [withHotline, [D], 'CONSULTING'],
    [handled, [L], '='],
  ],
  CONFIRM_CO_AGENCY: [[held, [D], '=']],
  CO_SIGN: [[['CONSULTING', ...handled], [C], '=']],
  SIGN_FOR: [[['DISPATCHED', 'REWORK'], [L, W], 'SIGNED_FOR']],
  START: [[['SIGNED_FOR', 'RETURN_REFUSED'], [L, W], 'IN_PROGRESS']],
  PUSH_DOWN: [[['SIGNED_FOR', 'IN_PROGRESS'], [L], 'DISPATCHED']],
  REQUEST_RETURN: [[['SIGNED_FOR', 'IN_PROGRESS'], [L], 'RETURN_REQUESTED']],
  GRANT_RETURN: [[['RETURN_REQUESTED'], [D], 'TAKEN_BACK']],
  REFUSE_RETURN: [[['RETURN_REQUESTED'], [D], 'RETURN_REFUSED']],
  OBJECT: [[['RETURN_REFUSED'], [L], 'OBJECTED']],
  UPHOLD_OBJECTION: [[['OBJECTED'], [S], 'TAKEN_BACK']],
  DISMISS_OBJECTION: [[['OBJECTED'], [S], 'SIGNED_FOR']],
  REASSIGN: [[['TAKEN_BACK'], [D], 'DISPATCHED']],
  REQUEST_EXTENSION: [[['IN_PROGRESS'], [L], 'EXTENSION_REQUESTED']],
  GRANT_EXTENSION: [[['EXTENSION_REQUESTED'], [D], 'IN_PROGRESS']],
  REFUSE_EXTENSION: [[['EXTENSION_REQUESTED'], [D], 'IN_PROGRESS']],
  ALARM: [
    [withHotline, [D], '='],
    [open.filter((stage) => !(withHotline as readonly Stage[]).includes(stage)), [D, L, W], '='],
  ],
  SUBMIT_FEEDBACK: [
    [['ACCEPTED'], [D], 'FEEDBACK_SUBMITTED'],
    [handled, [L, W], 'FEEDBACK_SUBMITTED'],
  ],
  CLOSE: [[['FEEDBACK_SUBMITTED'], [D, V], 'CLOSED']],
  FOLLOW_UP: [[['CLOSED'], [V], '=']],
  REWORK: [
    [['FEEDBACK_SUBMITTED'], [D, V, S], 'REWORK'],
    [['CLOSED'], [V, S], 'REWORK'],
  ],
  URGE: [[held, [D, S], '=']],
  SUPERVISE: [[held, [S], '=']],
  APPRAISE: [[['CLOSED'], [S], '=']],
  ARCHIVE: [[['CLOSED'], [D, V], 'ARCHIVED']],
};

/** The stage that the move leads to; null where it is none. */
export function fieldMove(stage: Stage, action: Action, party: Party): Stage | null {
  const found = field[action].find(([from, by]) => from.includes(stage) && by.includes(party));
  if (found === undefined) return null;
  return found[2] === '=' ? stage : found[2];
}

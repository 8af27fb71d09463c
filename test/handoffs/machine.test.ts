import { describe, expect, test } from 'vitest';
import {
  actions,
  actorsOf,
  factsOf,
  isEverFor,
  parties,
  ticketMachine,
  type Action,
  type Party,
} from '../../src/handoffs/machine.ts';
import { actionMutations } from '../../src/handoffs/action-inputs.ts';
import { rules } from '../../src/handoffs/rules.ts';
import { stageOf, stages, statusOf, ticketStatuses, type Stage } from '../../src/handoffs/stages.ts';
import { partyTerms } from '../../src/handoffs/who-may.ts';

/*
 * The declaration against the words of the field, written down a second time: who may do what when. A move that is not
 * in this list must not be in the declaration either.
 */
const D: Party = 'DISPATCHER';
const S: Party = 'SUPERVISOR';
const V: Party = 'VISITOR';
const L: Party = 'LEAD';
const W: Party = 'WORKER';
const C: Party = 'CO';

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

function expected(stage: Stage, action: Action, party: Party): Stage | null {
  const found = field[action].find(([from, by]) => from.includes(stage) && by.includes(party));
  if (found === undefined) return null;
  return found[2] === '=' ? stage : found[2];
}

const combinations = stages.flatMap((stage) =>
  actions.flatMap((action) => parties.map((party) => [stage, action, party] as const)),
);

test(`each of the ${combinations.length} combinations of stage, action and party is declared as the field has it, or refused`, () => {
  const wrong = combinations.flatMap(([stage, action, party]) => {
    const move = ticketMachine[stage][action];
    const to = move !== undefined && actorsOf(action, move, false).includes(party) ? move.to : null;
    return to === expected(stage, action, party) ? [] : [{ stage, action, party, to }];
  });
  expect(wrong).toEqual([]);
  expect(combinations.filter((c) => expected(...c) !== null)).not.toEqual([]);
});

describe('on a report', () => {
  const stays: readonly Action[] = [
    'CONSULT',
    'CONFIRM_CO_AGENCY',
    'CO_SIGN',
    'PUSH_DOWN',
    'REQUEST_RETURN',
    'GRANT_RETURN',
    'REFUSE_RETURN',
    'OBJECT',
    'UPHOLD_OBJECTION',
    'DISMISS_OBJECTION',
    'REQUEST_EXTENSION',
    'GRANT_EXTENSION',
    'REFUSE_EXTENSION',
    'URGE',
    'SUPERVISE',
    'APPRAISE',
  ];

  test.each(stays)('%s is for nobody', (action) => {
    expect(parties.filter((party) => isEverFor(action, party, true))).toEqual([]);
  });

  test('the rest is for whoever has it', () => {
    const rest = actions.filter((action) => !stays.includes(action));
    for (const action of rest)
      expect([action, parties.filter((party) => isEverFor(action, party, true))]).toEqual([
        action,
        action === 'DISPATCH' || action === 'REASSIGN' ? [D] : action === 'ALARM' ? [D, L] : [L],
      ]);
  });
});

test('every stage but the last leads on, and every one can be reached', () => {
  const reached = new Set<Stage>(['ACCEPTED']);
  for (const stage of reached) for (const move of Object.values(ticketMachine[stage])) reached.add(move.to);
  expect([...reached].toSorted()).toEqual([...stages].toSorted());
  expect(stages.filter((stage) => Object.values(ticketMachine[stage]).every((move) => move.to === stage))).toEqual([
    'ARCHIVED',
  ]);
});

test('every action is made somewhere, by one mutation, and is for somebody', () => {
  expect(actionMutations.flatMap((m) => m.actions).toSorted()).toEqual([...actions].toSorted());
  for (const action of actions)
    expect([action, parties.some((party) => isEverFor(action, party, false))]).toEqual([action, true]);
  expect(Object.keys(partyTerms)).toEqual([...parties]);
});

test('what an action needs is told by rules that there are', () => {
  const named = new Set(actions.flatMap((action) => factsOf(action).rules));
  expect([...named].toSorted()).toEqual(Object.keys(rules).toSorted());
});

test('a stage that was kept holds as long as the status is its own', () => {
  for (const stage of stages)
    for (const status of ticketStatuses) {
      const found = stageOf(status, stage);
      expect(statusOf[found]).toBe(status);
      expect(found === stage).toBe(statusOf[stage] === status);
    }
  expect(stageOf('RETURNED', null)).toBe('TAKEN_BACK');
});

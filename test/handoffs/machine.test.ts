import { describe, expect, test } from 'vitest';
import {
  actions,
  actorsOf,
  factsOf,
  isEverFor,
  parties,
  ticketMachine,
  type Action,
} from '../../src/handoffs/machine.ts';
import { actionMutations } from '../../src/handoffs/action-inputs.ts';
import { rules } from '../../src/handoffs/rules.ts';
import { stageOf, stages, statusOf, type Stage } from '../../src/handoffs/stages.ts';
import { ticketStatuses } from '../../src/tickets/ticket-status.ts';
import { partyTerms } from '../../src/handoffs/who-may.ts';
import { fieldMove } from './field.ts';

/* The declaration against the words of the field: a move that is not in their list must not be in the declaration either. */
const [D, , , L] = parties;

const combinations = stages.flatMap((stage) =>
  actions.flatMap((action) => parties.map((party) => [stage, action, party] as const)),
);

test(`each of the ${combinations.length} combinations of stage, action and party is declared as the field has it, or refused`, () => {
  const wrong = combinations.flatMap(([stage, action, party]) => {
    const move = ticketMachine[stage][action];
    const to = move !== undefined && actorsOf(action, move, false).includes(party) ? move.to : null;
    return to === fieldMove(stage, action, party) ? [] : [{ stage, action, party, to }];
  });
  expect(wrong).toEqual([]);
  expect(combinations.filter((c) => fieldMove(...c) !== null)).not.toEqual([]);
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

import { actions, actorsOf, factsOf, ticketMachine, type Action, type Move } from './machine.ts';
import { rules } from './rules.ts';
import { stages, statusOf, type Stage } from './stages.ts';

interface Arrow {
  readonly from: Stage;
  readonly action: Action;
  readonly move: Move;
}

/** Every move, in the order of stages and actions. */
const arrows: readonly Arrow[] = stages.flatMap((from) =>
  actions.flatMap((action): Arrow[] => {
    const move = ticketMachine[from][action];
    return move === undefined ? [] : [{ from, action, move }];
  }),
);

/** The stages as a Mermaid state diagram. Actions that leave a ticket where it is are in the table alone. */
export function ticketDiagram(): string {
  const lines = arrows
    .filter(({ from, move }) => move.to !== from)
    .map(({ from, action, move }) => `  ${from} --> ${move.to}: ${action} (${move.by.join(', ')})`);
  const ends = stages
    .filter((stage) => Object.keys(ticketMachine[stage]).length === 0)
    .map((stage) => `  ${stage} --> [*]`);
  return ['stateDiagram-v2', '  [*] --> ACCEPTED: 受理', ...lines, ...ends, ''].join('\n');
}

/** Every move as a row: stage, action, for whom, for whom on a report, the next stage. */
export function moveRows(): readonly (readonly string[])[] {
  return arrows.map(({ from, action, move }) => [
    coded([from]),
    coded([action]),
    coded(move.by),
    coded(actorsOf(action, move, true)),
    coded([move.to]),
  ]);
}

/** Every action as a row: its handoff and whom that goes to, rules, effects, deadline. */
export function actionRows(): readonly (readonly string[])[] {
  return actions.map((action) => {
    const { kind, node, to, effects, deadline, rules: named } = factsOf(action);
    return [
      coded([action]),
      node,
      coded([kind]),
      coded([to]),
      coded(named),
      coded(effects),
      deadline === null ? '' : coded([deadline]),
    ];
  });
}

/** Every rule as a row, with what it tells whom it stops. */
export function ruleRows(): readonly (readonly string[])[] {
  return Object.entries(rules).map(([rule, { says }]) => [coded([rule]), says]);
}

/** Every stage as a row, with the status that it shows as. */
export function stageRows(): readonly (readonly string[])[] {
  return stages.map((stage) => [coded([stage]), coded([statusOf[stage]])]);
}

function coded(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(' ');
}

import { codedError } from '../errors/coded-error.ts';

/** The two sides of a request: who asks, and who owns what it is about. */
export type Party = 'APPLICANT' | 'OWNER';

/** Who may make a move, and where it leads. */
export interface Move<State extends string> {
  readonly by: Party;
  readonly to: State;
}

/** State × action × actor → state. A state without moves is an end. */
export type StateMachine<State extends string, Action extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Action, Move<State>>>>>
>;

/** The state that the move leads to. Throws `ILLEGAL_TRANSITION` for a move or an actor that the machine does not know. */
export function nextState<State extends string, Action extends string>(
  machine: StateMachine<State, Action>,
  state: State,
  action: Action,
  by: Party,
): State {
  const move = machine[state][action];
  const extensions = { state, action, actor: by };
  if (move === undefined)
    throw codedError('ILLEGAL_TRANSITION', `${action} is no move in the state ${state}; ask for its state first`, {
      extensions,
    });
  if (move.by !== by)
    throw codedError('ILLEGAL_TRANSITION', `${action} is for the ${move.by}, and you are the ${by}`, { extensions });
  return move.to;
}

/** The machine as a Mermaid state diagram. `derived` are states that no move makes, each with what makes it. */
export function printMachine<State extends string, Action extends string>(
  machine: StateMachine<State, Action>,
  first: { readonly state: State; readonly action: string },
  derived: readonly { readonly from: State; readonly to: string; readonly when: string }[] = [],
): string {
  const moves = Object.entries<StateMachine<State, Action>[State]>(machine).flatMap(([from, of]) =>
    Object.entries<Move<State> | undefined>(of).flatMap(([action, move]) =>
      move === undefined ? [] : [`  ${from} --> ${move.to}: ${action} (${move.by})`],
    ),
  );
  const ends = Object.entries<object>(machine).flatMap(([state, of]) =>
    Object.keys(of).length === 0 ? [`  ${state} --> [*]`] : [],
  );
  const lines = [
    'stateDiagram-v2',
    `  [*] --> ${first.state}: ${first.action} (APPLICANT)`,
    ...moves,
    ...derived.map((d) => `  ${d.from} --> ${d.to}: ${d.when}`),
    ...ends,
  ];
  return `${lines.join('\n')}\n`;
}

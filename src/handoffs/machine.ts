import type { Stage } from './stages.ts';

/** Whom a move is for: what somebody is to this ticket, not what its token says alone. See `who-may.ts`. */
export const parties = ['DISPATCHER', 'SUPERVISOR', 'VISITOR', 'LEAD', 'WORKER', 'CO'] as const;
export type Party = (typeof parties)[number];

/** What must hold beside stage and party. See `rules.ts`. */
export type Rule =
  | 'FIRST_RECEIVER_INVESTIGATES'
  | 'NO_SECOND_RETURN'
  | 'ONE_EXTENSION'
  | 'BEFORE_THE_DUE_TIME'
  | 'REPLY_NEEDED'
  | 'EVIDENCE_NEEDED';

/** What a move changes of the ticket beside its stage. See `effects.ts`. */
export type Effect =
  | 'GIVE_TO_AGENCY'
  | 'NAME_FIRST_RECEIVER'
  | 'NAME_CO_AGENCIES'
  | 'INVITE_CO_AGENCY'
  | 'CONFIRM_CO_AGENCY'
  | 'GIVE_TO_UNIT'
  | 'SIGN'
  | 'TAKE_BACK'
  | 'SETTLE_RETURN'
  | 'ASK_EXTENSION'
  | 'END_EXTENSION'
  | 'ANSWER'
  | 'CLOSE'
  | 'VISIT'
  | 'REOPEN'
  | 'URGE'
  | 'ALARM';

/** What becomes of the times by which the ticket must be signed for and answered. See `due-times.ts`. */
export type DeadlineEffect = 'START' | 'START_SIGNING' | 'SIGN' | 'EXTEND' | 'MEET';

/** The kind of the handoff that the action appends. */
export type HandoffKind =
  | 'DISPATCH'
  | 'SIGN_FOR'
  | 'START'
  | 'PUSH_DOWN'
  | 'CO_SIGN'
  | 'RETURN'
  | 'OBJECT'
  | 'RULE'
  | 'REASSIGN'
  | 'REQUEST_EXTENSION'
  | 'DECIDE_EXTENSION'
  | 'EMERGENCY'
  | 'FEEDBACK'
  | 'CLOSE'
  | 'FOLLOW_UP'
  | 'REWORK'
  | 'URGE'
  | 'SUPERVISE'
  | 'APPRAISE'
  | 'ARCHIVE';

/** Whom the handoff goes to: the agency or unit that the caller names, the leading agency, the hotline, or nobody else. */
type Receiver = 'NAMED' | 'LEAD' | 'HOTLINE' | 'OWN';

/** What an action is, in whichever stage it is made. */
interface ActionFacts {
  readonly kind: HandoffKind;
  /** 环节名称 */
  readonly node: string;
  readonly to: Receiver;
  /** Whom it is for on a report (举报), which stays in its handling unit; nobody: a report does not know it. */
  readonly onReport: readonly Party[];
  readonly rules: readonly Rule[];
  readonly effects: readonly Effect[];
  readonly deadline: DeadlineEffect | null;
}

const plain = { onReport: [], rules: [], effects: [], deadline: null } as const;

export const actionFacts = {
  DISPATCH: {
    ...plain,
    kind: 'DISPATCH',
    node: '派单',
    to: 'NAMED',
    onReport: ['DISPATCHER'],
    effects: ['GIVE_TO_AGENCY', 'NAME_FIRST_RECEIVER', 'NAME_CO_AGENCIES'],
    deadline: 'START',
  },
  CONSULT: { ...plain, kind: 'CO_SIGN', node: '发起会签', to: 'NAMED', effects: ['INVITE_CO_AGENCY'] },
  CONFIRM_CO_AGENCY: { ...plain, kind: 'CO_SIGN', node: '确认协办', to: 'NAMED', effects: ['CONFIRM_CO_AGENCY'] },
  CO_SIGN: { ...plain, kind: 'CO_SIGN', node: '会签', to: 'LEAD' },
  SIGN_FOR: {
    ...plain,
    kind: 'SIGN_FOR',
    node: '签收',
    to: 'OWN',
    onReport: ['LEAD'],
    effects: ['SIGN'],
    deadline: 'SIGN',
  },
  START: { ...plain, kind: 'START', node: '办理', to: 'OWN', onReport: ['LEAD'] },
  PUSH_DOWN: {
    ...plain,
    kind: 'PUSH_DOWN',
    node: '下派',
    to: 'NAMED',
    effects: ['GIVE_TO_UNIT'],
    deadline: 'START_SIGNING',
  },
  REQUEST_RETURN: {
    ...plain,
    kind: 'RETURN',
    node: '退单申请',
    to: 'HOTLINE',
    rules: ['NO_SECOND_RETURN', 'FIRST_RECEIVER_INVESTIGATES'],
    effects: ['END_EXTENSION'],
  },
  GRANT_RETURN: { ...plain, kind: 'RULE', node: '同意退单', to: 'HOTLINE', effects: ['TAKE_BACK'] },
  REFUSE_RETURN: { ...plain, kind: 'RULE', node: '不予退单', to: 'LEAD', effects: ['SETTLE_RETURN'] },
  OBJECT: { ...plain, kind: 'OBJECT', node: '派单异议', to: 'HOTLINE' },
  UPHOLD_OBJECTION: {
    ...plain,
    kind: 'RULE',
    node: '异议成立',
    to: 'HOTLINE',
    effects: ['TAKE_BACK', 'SETTLE_RETURN'],
  },
  DISMISS_OBJECTION: { ...plain, kind: 'RULE', node: '异议不成立', to: 'LEAD', effects: ['SETTLE_RETURN'] },
  REASSIGN: {
    ...plain,
    kind: 'REASSIGN',
    node: '改派',
    to: 'NAMED',
    onReport: ['DISPATCHER'],
    effects: ['GIVE_TO_AGENCY', 'NAME_FIRST_RECEIVER', 'NAME_CO_AGENCIES'],
    deadline: 'START',
  },
  REQUEST_EXTENSION: {
    ...plain,
    kind: 'REQUEST_EXTENSION',
    node: '延期申请',
    to: 'HOTLINE',
    rules: ['ONE_EXTENSION', 'BEFORE_THE_DUE_TIME'],
    effects: ['ASK_EXTENSION'],
  },
  GRANT_EXTENSION: {
    ...plain,
    kind: 'DECIDE_EXTENSION',
    node: '同意延期',
    to: 'LEAD',
    effects: ['END_EXTENSION'],
    deadline: 'EXTEND',
  },
  REFUSE_EXTENSION: { ...plain, kind: 'DECIDE_EXTENSION', node: '不予延期', to: 'LEAD', effects: ['END_EXTENSION'] },
  ALARM: {
    ...plain,
    kind: 'EMERGENCY',
    node: '转 110/119/120',
    to: 'NAMED',
    onReport: ['DISPATCHER', 'LEAD'],
    effects: ['ALARM'],
  },
  SUBMIT_FEEDBACK: {
    ...plain,
    kind: 'FEEDBACK',
    node: '反馈',
    to: 'HOTLINE',
    onReport: ['LEAD'],
    effects: ['ANSWER', 'END_EXTENSION'],
    deadline: 'MEET',
  },
  CLOSE: {
    ...plain,
    kind: 'CLOSE',
    node: '办结',
    to: 'OWN',
    onReport: ['LEAD'],
    rules: ['REPLY_NEEDED', 'EVIDENCE_NEEDED'],
    effects: ['CLOSE'],
  },
  FOLLOW_UP: { ...plain, kind: 'FOLLOW_UP', node: '回访', to: 'OWN', onReport: ['LEAD'], effects: ['VISIT'] },
  REWORK: {
    ...plain,
    kind: 'REWORK',
    node: '重办',
    to: 'LEAD',
    onReport: ['LEAD'],
    effects: ['REOPEN'],
    deadline: 'START',
  },
  URGE: { ...plain, kind: 'URGE', node: '催办', to: 'LEAD', effects: ['URGE'] },
  SUPERVISE: { ...plain, kind: 'SUPERVISE', node: '督办', to: 'LEAD' },
  APPRAISE: { ...plain, kind: 'APPRAISE', node: '考核', to: 'LEAD' },
  ARCHIVE: { ...plain, kind: 'ARCHIVE', node: '归档', to: 'OWN', onReport: ['LEAD'] },
} as const satisfies Readonly<Record<string, ActionFacts>>;

export type Action = keyof typeof actionFacts;
export const actions = Object.keys(actionFacts) as readonly Action[];

/** Facts of an action in their general form: what the literal types above hide. */
export function factsOf(action: Action): ActionFacts {
  return actionFacts[action];
}

/** Whom a move is for, and where it leads. */
export interface Move {
  readonly by: readonly Party[];
  readonly to: Stage;
}

type Moves = Readonly<Partial<Record<Action, Move>>>;

const handler = ['LEAD', 'WORKER'] as const;
/** What the hotline does while somebody has the ticket. */
const oversight = (to: Stage): Moves => ({
  CONFIRM_CO_AGENCY: { by: ['DISPATCHER'], to },
  URGE: { by: ['DISPATCHER', 'SUPERVISOR'], to },
  SUPERVISE: { by: ['SUPERVISOR'], to },
});
/** Danger waits for nobody: until a ticket is closed, whoever has it calls 110, 119 or 120 at once. */
const danger = (to: Stage, by: readonly Party[] = ['DISPATCHER', 'LEAD', 'WORKER']): Moves => ({
  ALARM: { by, to },
});
const jointly = (to: Stage): Moves => ({
  CONSULT: { by: ['LEAD'], to },
  CO_SIGN: { by: ['CO'], to },
});

/**
 * Stage × action × party → stage: the six links 受理 转办 办理 反馈 督办 考核 as data. What is not here is refused. A
 * ticket enters as ACCEPTED, when its source brings it.
 */
export const ticketMachine: Readonly<Record<Stage, Moves>> = {
  ACCEPTED: {
    DISPATCH: { by: ['DISPATCHER'], to: 'DISPATCHED' },
    CONSULT: { by: ['DISPATCHER'], to: 'CONSULTING' },
    SUBMIT_FEEDBACK: { by: ['DISPATCHER'], to: 'FEEDBACK_SUBMITTED' },
    ...danger('ACCEPTED', ['DISPATCHER']),
  },
  CONSULTING: {
    CONSULT: { by: ['DISPATCHER'], to: 'CONSULTING' },
    CO_SIGN: { by: ['CO'], to: 'CONSULTING' },
    DISPATCH: { by: ['DISPATCHER'], to: 'DISPATCHED' },
    ...danger('CONSULTING', ['DISPATCHER']),
  },
  DISPATCHED: {
    SIGN_FOR: { by: handler, to: 'SIGNED_FOR' },
    ...danger('DISPATCHED'),
    ...oversight('DISPATCHED'),
  },
  SIGNED_FOR: {
    START: { by: handler, to: 'IN_PROGRESS' },
    PUSH_DOWN: { by: ['LEAD'], to: 'DISPATCHED' },
    REQUEST_RETURN: { by: ['LEAD'], to: 'RETURN_REQUESTED' },
    ...danger('SIGNED_FOR'),
    ...oversight('SIGNED_FOR'),
  },
  IN_PROGRESS: {
    SUBMIT_FEEDBACK: { by: handler, to: 'FEEDBACK_SUBMITTED' },
    PUSH_DOWN: { by: ['LEAD'], to: 'DISPATCHED' },
    REQUEST_RETURN: { by: ['LEAD'], to: 'RETURN_REQUESTED' },
    REQUEST_EXTENSION: { by: ['LEAD'], to: 'EXTENSION_REQUESTED' },
    ...jointly('IN_PROGRESS'),
    ...danger('IN_PROGRESS'),
    ...oversight('IN_PROGRESS'),
  },
  EXTENSION_REQUESTED: {
    GRANT_EXTENSION: { by: ['DISPATCHER'], to: 'IN_PROGRESS' },
    REFUSE_EXTENSION: { by: ['DISPATCHER'], to: 'IN_PROGRESS' },
    SUBMIT_FEEDBACK: { by: handler, to: 'FEEDBACK_SUBMITTED' },
    ...jointly('EXTENSION_REQUESTED'),
    ...danger('EXTENSION_REQUESTED'),
    ...oversight('EXTENSION_REQUESTED'),
  },
  RETURN_REQUESTED: {
    GRANT_RETURN: { by: ['DISPATCHER'], to: 'TAKEN_BACK' },
    REFUSE_RETURN: { by: ['DISPATCHER'], to: 'RETURN_REFUSED' },
    ...danger('RETURN_REQUESTED'),
  },
  RETURN_REFUSED: {
    OBJECT: { by: ['LEAD'], to: 'OBJECTED' },
    START: { by: handler, to: 'IN_PROGRESS' },
    ...danger('RETURN_REFUSED'),
    ...oversight('RETURN_REFUSED'),
  },
  OBJECTED: {
    UPHOLD_OBJECTION: { by: ['SUPERVISOR'], to: 'TAKEN_BACK' },
    DISMISS_OBJECTION: { by: ['SUPERVISOR'], to: 'SIGNED_FOR' },
    ...danger('OBJECTED'),
  },
  TAKEN_BACK: {
    REASSIGN: { by: ['DISPATCHER'], to: 'DISPATCHED' },
    CONSULT: { by: ['DISPATCHER'], to: 'CONSULTING' },
    ...danger('TAKEN_BACK', ['DISPATCHER']),
  },
  FEEDBACK_SUBMITTED: {
    CLOSE: { by: ['DISPATCHER', 'VISITOR'], to: 'CLOSED' },
    REWORK: { by: ['DISPATCHER', 'VISITOR', 'SUPERVISOR'], to: 'REWORK' },
    ...danger('FEEDBACK_SUBMITTED'),
  },
  REWORK: {
    SIGN_FOR: { by: handler, to: 'SIGNED_FOR' },
    ...danger('REWORK'),
    ...oversight('REWORK'),
  },
  CLOSED: {
    FOLLOW_UP: { by: ['VISITOR'], to: 'CLOSED' },
    REWORK: { by: ['VISITOR', 'SUPERVISOR'], to: 'REWORK' },
    APPRAISE: { by: ['SUPERVISOR'], to: 'CLOSED' },
    ARCHIVE: { by: ['DISPATCHER', 'VISITOR'], to: 'ARCHIVED' },
  },
  ARCHIVED: {},
};

/** Whom the move is for on this ticket: on a report, what the action says of reports. */
export function actorsOf(action: Action, move: Move, report: boolean): readonly Party[] {
  return report ? factsOf(action).onReport : move.by;
}

/** Whether any stage lets somebody who is this to the ticket make the move. */
export function isEverFor(action: Action, party: Party, report: boolean): boolean {
  return Object.values(ticketMachine).some((moves) => {
    const move = moves[action];
    return move !== undefined && actorsOf(action, move, report).includes(party);
  });
}

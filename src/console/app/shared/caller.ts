import { label, type Label } from './label.ts';

/** Somebody whom the page can speak as. The token stays in memory: it is never stored. */
export interface Caller {
  readonly id: string;
  readonly label: Label;
  readonly purpose: string;
  readonly token: string;
}

/** 使用目的: what a read is for, as the header `Lianqiao-Purpose` takes it. */
export const purposes: Readonly<Record<string, Label>> = {
  DISPATCH: label('派单', 'Dispatch'),
  HANDLING: label('办理', 'Handling'),
  FOLLOW_UP: label('回访', 'Follow-up'),
  SUPERVISION: label('督办', 'Supervision'),
  AUDIT: label('审计', 'Audit'),
  EMERGENCY: label('紧急调用', 'Emergency'),
  STATISTICS: label('统计', 'Statistics'),
};

export function purposeLabel(purpose: string): Label {
  return purposes[purpose] ?? label(purpose, purpose);
}

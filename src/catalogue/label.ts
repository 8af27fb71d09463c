/** A word in the field's Chinese and in English. */
export interface Label {
  readonly zh: string;
  readonly en: string;
}

/** Both, for readers of either: `有条件共享 CONDITIONAL`. */
export function withCode({ zh }: Label, code: string): string {
  return `${zh} ${code}`;
}

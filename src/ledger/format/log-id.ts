/** UUID of one writer's log, in lower case. */
export type LogId = string & { readonly __brand: 'LogId' };

export function isLogId(text: string): text is LogId {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

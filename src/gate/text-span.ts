/** A part of a text, `end` exclusive, and what stands for it afterwards. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly mark: '[电话]' | '[号码]' | '[姓名]' | '[邮箱]' | '[车牌]' | '[地址]';
}

/** The text with each span's mark in its place. Spans that overlap become one, under the mark of the first. */
export function replaceSpans(text: string, spans: readonly Span[]): string {
  const ordered = spans.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, mark } of ordered) {
    if (start >= done) parts.push(text.slice(done, start), mark);
    done = Math.max(done, end);
  }
  parts.push(text.slice(done));
  return parts.join('');
}

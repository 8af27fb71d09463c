import type { SourceKey } from '../mapping.ts';

/** The characters of XML 1.0 (2.2): no other can stand in a message, not even by its number. */
const sayable = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

/** Whether XML can say this value. None that it cannot is a value of any record that comes by XML. */
export function isSayable(value: SourceKey): boolean {
  return sayable.test(String(value));
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // As themselves they would be read as other white space (XML 1.0, 2.11 and 3.3.3).
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** The text as it stands in an element or an attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"'\t\n\r]/g, (c) => references[c] ?? c);
}

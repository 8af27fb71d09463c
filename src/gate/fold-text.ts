/**
 * The text with full-width and other compatibility forms of letters, digits and signs (NFKC) as plain ones. Places
 * stay the same: a form that would become longer is left as it is.
 */
export function foldText(text: string): string {
  return text.replace(/[^\x20-\x7e\u4e00-\u9fff\ud800-\udfff]/g, (unit) => {
    const plain = unit.normalize('NFKC');
    return plain.length === 1 ? plain : unit;
  });
}

/** Whether the text is a 网格编码: an opaque code of its source, 1 to 32 letters, digits, '-' and '_'. */
export function isGridCode(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,32}$/.test(text);
}

/** Whether the text is a 单元网格编码: 15 digits. */
export function isGridCellCode(text: string): boolean {
  return /^\d{15}$/.test(text);
}

/** Whether the text is a 部件编码: 16 digits. Layouts differ between cities, so nothing is read out of it. */
export function isComponentCode(text: string): boolean {
  return /^\d{16}$/.test(text);
}

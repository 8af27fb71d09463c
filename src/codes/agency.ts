/** Whether the text is an agency's identifier: `hotline`, `providentFund`. The list of agencies is open. */
export function isAgencyCode(text: string): boolean {
  return /^[a-z][A-Za-z0-9]{0,31}$/.test(text);
}

/** The name under which the hub's own reconciliation asks. No token may name it, and no connector. */
export const reconciliationAgency = 'reconciliation';

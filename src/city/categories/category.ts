export type TicketType = 'CONSULTATION' | 'HELP_REQUEST' | 'COMPLAINT' | 'REPORT' | 'SUGGESTION' | 'COMMENDATION';
type LeadAgency = 'hotline' | 'police' | 'grid' | 'market' | 'housing';

/** What a category's tickets are about, and how people put it. */
export interface Category {
  readonly weight: number;
  readonly path: readonly [string, string, string];
  readonly agency: LeadAgency;
  /** The agency's office: `{area}` stands for the six digits of the area, `{no}` for a street's number. */
  readonly unit: string;
  readonly subject: 'house' | 'company' | 'street' | 'none';
  readonly types: readonly { readonly weight: number; readonly type: TicketType }[];
  /** Which companies it can be about, by how their names end; any when left out. */
  readonly trades?: readonly string[];
  /** `{where}` is a place, `{what}` the company or the estate. */
  readonly matters: readonly { readonly titles: readonly string[]; readonly body: string }[];
  readonly results: readonly string[];
}

export const complaint = [{ weight: 1, type: 'COMPLAINT' }] as const;
export const report = [{ weight: 1, type: 'REPORT' }] as const;
export const consultation = [{ weight: 1, type: 'CONSULTATION' }] as const;
export const mixed = [
  { weight: 6, type: 'COMPLAINT' },
  { weight: 4, type: 'HELP_REQUEST' },
] as const;
export const help = [
  { weight: 8, type: 'HELP_REQUEST' },
  { weight: 1, type: 'COMPLAINT' },
  { weight: 1, type: 'SUGGESTION' },
] as const;

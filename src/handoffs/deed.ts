import type { Level } from './ticket-case.ts';

/** The services that danger goes to, and their agencies. */
export const emergencyServices = { POLICE_110: 'police', FIRE_119: 'fire', MEDICAL_120: 'medical' } as const;
export type EmergencyService = keyof typeof emergencyServices;

/** What somebody says with an action; null or empty where it says nothing. */
export interface Deed {
  /** 意见, 原因, 核实情况 */
  readonly opinion: string | null;
  /** The agency that is named: who gets the ticket, or is asked to join. */
  readonly agency: string | null;
  readonly unit: string | null;
  readonly level: Level | null;
  readonly coAgencies: readonly string[];
  readonly service: EmergencyService | null;
  readonly policeNo: string | null;
  readonly days: number | null;
  readonly result: string | null;
  readonly replyText: string | null;
  readonly factual: boolean | null;
  readonly outOfRemit: boolean | null;
  readonly resolved: boolean | null;
  readonly unresolvedReason: string | null;
  readonly satisfaction: string | null;
  readonly siteVisit: boolean;
  readonly evidence: readonly string[];
  readonly grade: string | null;
}

const nothing: Deed = {
  opinion: null,
  agency: null,
  unit: null,
  level: null,
  coAgencies: [],
  service: null,
  policeNo: null,
  days: null,
  result: null,
  replyText: null,
  factual: null,
  outOfRemit: null,
  resolved: null,
  unresolvedReason: null,
  satisfaction: null,
  siteVisit: false,
  evidence: [],
  grade: null,
};

export function deed(says: Partial<Deed>): Deed {
  return { ...nothing, ...says };
}

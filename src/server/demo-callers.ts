import { showcase } from '../city/showcase.ts';
import type { LoadedConfig } from '../config/config.ts';
import type { DemoClaims } from '../identity/demo-issuer.ts';
import type { Purpose } from '../identity/principal.ts';

/** One of the callers that the embedded demo shows a ticket to. */
export interface DemoCaller {
  readonly id: string;
  /** Chinese first. */
  readonly label: string;
  readonly purpose: Purpose;
  readonly claims: DemoClaims;
}

/** The callers whose agencies take part in this hub. */
export function demoCallers(config: Pick<LoadedConfig, 'connectors'>): readonly DemoCaller[] {
  const all: readonly DemoCaller[] = [
    {
      id: 'police',
      label: '公安系统 Police system',
      purpose: 'HANDLING',
      claims: {
        agency: 'police',
        role: 'SYSTEM',
        unit: 'police-350102',
        operator: 'demo-cad',
        areas: [showcase.areaCode],
        purposes: ['DISPATCH', 'HANDLING', 'FOLLOW_UP'],
      },
    },
    {
      id: 'grid',
      label: '网格员 Grid worker',
      purpose: 'HANDLING',
      claims: { agency: 'grid', role: 'GRID_WORKER', grids: [showcase.gridCode], purposes: ['HANDLING'] },
    },
    {
      id: 'housing',
      label: '住建经办人 Housing handler',
      purpose: 'HANDLING',
      claims: { agency: 'housing', role: 'HANDLER', unit: 'housing-property', purposes: ['HANDLING', 'FOLLOW_UP'] },
    },
    {
      id: 'audit',
      label: '审计员 Auditor',
      purpose: 'AUDIT',
      claims: { agency: 'audit', role: 'AUDITOR', areas: [showcase.areaCode], purposes: ['AUDIT'] },
    },
  ];
  return all.filter((c) => c.id === 'audit' || config.connectors.includes(c.claims.agency));
}

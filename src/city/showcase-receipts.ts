import { wallTime } from './clock.ts';
import type { CityReceipt, ReceivingAgency } from './receipts.ts';
import { showcase } from './showcase.ts';

/**
 * What the agencies recorded of the showcase's tickets. Of the complaint the market regulators never got the request for
 * a joint opinion; all else agrees.
 */
export function showcaseReceipts(): readonly CityReceipt[] {
  const { ticketNo, reportTicketNo, confidentialTicketNo } = showcase;
  return [
    receipt('housing', '9000000001', ticketNo, 'hotline', '2026-11-05T10:44:00', '2026-11-05T14:08:00'),
    receipt('grid', '9000000002', ticketNo, 'housing', '2026-11-05T14:12:30', '2026-11-05T16:29:00'),
    receipt('housing', '9000000003', ticketNo, 'hotline', '2026-11-05T16:52:00', null),
    receipt('police', '9000000004', ticketNo, 'housing', '2026-11-06T09:26:00', null),
    receipt('market', '9000000005', reportTicketNo, 'hotline', '2026-11-05T10:31:00', null),
    receipt('housing', '9000000006', confidentialTicketNo, 'hotline', '2026-11-05T10:55:00', '2026-11-09T10:02:00'),
  ];
}

function receipt(
  agency: ReceivingAgency,
  no: string,
  ticketNo: string,
  from: string,
  received: string,
  answered: string | null,
): CityReceipt {
  return {
    agency,
    no,
    ticketNo,
    caseNo: `C${no}`,
    from,
    received: wallTime(received),
    answered: answered === null ? null : wallTime(answered),
  };
}

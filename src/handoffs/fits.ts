import { codedError } from '../errors/coded-error.ts';
import type { ActionInput } from './action-inputs.ts';
import type { DueSettings } from './due-times.ts';
import { hotline, levels, type TicketCase } from './ticket-case.ts';

/** Refuses what the input says where it does not fit the ticket as it stands. Throws `BAD_USER_INPUT`. */
export function checkFit({ action, deed }: ActionInput, ticket: TicketCase, settings: DueSettings): void {
  const { fields, lead, report, process } = ticket;
  const { agency, unit, level, coAgencies, days } = deed;
  switch (action) {
    case 'DISPATCH':
    case 'REASSIGN':
      if (agency === hotline) throw bad('agency', 'the hotline has it already; answer it with submitFeedback');
      if (coAgencies.some((co) => co === agency || co === hotline))
        throw bad('coAgencies', 'names the leading agency or the hotline; name the others alone');
      if (report && unit === null) throw bad('unit', 'a report is given to the unit that handles it; name the unit');
      if (report && coAgencies.length > 0) throw bad('coAgencies', 'a report stays in its handling unit; leave it out');
      return;
    case 'CONSULT':
      if (agency === lead || agency === hotline || fields.coAgencies.includes(agency ?? ''))
        throw bad('agency', 'takes part in the ticket already; name another one');
      return;
    case 'CONFIRM_CO_AGENCY':
      if (!fields.coAgencies.includes(agency ?? '') || fields.confirmedCoAgencies.includes(agency ?? ''))
        throw bad('agency', 'is no co-agency that waits for its confirmation');
      return;
    case 'PUSH_DOWN':
      if (unit === fields.leadUnit) throw bad('unit', 'has the ticket already; name the unit below');
      if (level !== null && process.level !== null && levels.indexOf(level) <= levels.indexOf(process.level))
        throw bad('level', `the ticket lies at the level ${process.level} already; push it further down`);
      return;
    case 'REQUEST_EXTENSION':
      if (days !== null && days > settings.ticketExtensionDays)
        throw bad('days', `may be ${settings.ticketExtensionDays} working days at most`);
      return;
    case 'ALARM':
      if (deed.policeNo !== null && deed.service !== 'POLICE_110')
        throw bad('policeNo', 'is for POLICE_110 alone; leave it out');
      return;
    default:
      return;
  }
}

function bad(place: string, message: string): Error {
  return codedError('BAD_USER_INPUT', `input.${place}: ${message}`);
}

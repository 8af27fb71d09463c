import { asOf } from './arrivals.ts';
import { DAY, HOUR, wallTime, type WallTime } from './clock.ts';
import { incidentKinds, type IncidentKind } from './incident-kinds.ts';
import { incidentNumber } from './incident-number.ts';
import { mobile, numberOffByOne, personName } from './people.ts';
import { anyPlace, standardAddress } from './places.ts';
import { policeFile, type IncidentFacts, type IncidentLink, type PoliceFile } from './police-file.ts';
import { Random } from './random.ts';
import type { CityTicket } from './tickets.ts';

/** The incidents around one ticket: about six for every ten tickets. */
export function policeFiles(
  seed: number,
  index: number,
  ticket: CityTicket,
  joinSecret: Buffer,
): readonly PoliceFile[] {
  const random = new Random(seed, 'police', index);
  const files: PoliceFile[] = [];
  for (const [which, link] of linksOf(ticket, random).entries()) {
    const facts = factsOf(link, ticket, index, which + 1, random);
    if (facts !== null) files.push(policeFile(facts, joinSecret, random));
  }
  return files;
}

function linksOf(ticket: CityTicket, random: Random): readonly IncidentLink[] {
  const links: IncidentLink[] = [];
  if (ticket.diversion !== null) links.push('DIVERTED');
  for (const [link, chance] of chances) if (random.chance(chance)) links.push(link);
  return links;
}

const chances: readonly (readonly [IncidentLink, number])[] = [
  ['SAME_CALLER', 0.15],
  ['SAME_ADDRESS', 0.15],
  ['UNRELATED', 0.15],
  ['CALLER_LONG_BEFORE', 0.03],
  ['NEXT_DOOR', 0.03],
  ['NUMBER_OFF_BY_ONE', 0.02],
  ['CONFIDENTIAL', 0.015],
];

function factsOf(
  link: IncidentLink,
  ticket: CityTicket,
  index: number,
  which: number,
  random: Random,
): IncidentFacts | null {
  const { place, reporter, received, within } = ticket;
  const near = (days: number): WallTime => Math.min(received + random.between(-days * DAY, days * DAY), asOf - HOUR);
  const base = { link, within: '', standardAddress: null, divertedTo: null } as const;
  const story = (): { kind: IncidentKind; narrative: string } => {
    const kind = random.weighted(incidentKinds);
    return { kind, narrative: random.pick(kind.narratives) };
  };
  const numbered = (called: WallTime): { no: string; called: WallTime } => ({
    no: incidentNumber(called, index, which),
    called,
  });
  switch (link) {
    case 'DIVERTED': {
      if (ticket.diversion === null) return null;
      const here = place ?? anyPlace(random);
      return {
        ...base,
        no: ticket.diversion.incidentNo,
        called: ticket.diversion.called,
        ...reporter,
        place: here,
        within,
        standardAddress: place === null ? null : standardAddress(place, within),
        kind: diversionKind,
        narrative: `${ticket.content.split('。')[0] ?? ''}，属非警务类，转12345办理`,
        divertedTo: ticket.no,
      };
    }
    case 'SAME_CALLER':
    case 'CONFIDENTIAL':
      if (reporter.phone === null) return null;
      return { ...base, ...numbered(near(6)), ...reporter, place: place ?? anyPlace(random), ...story() };
    case 'CALLER_LONG_BEFORE': {
      if (reporter.phone === null) return null;
      return { ...base, ...numbered(received - 60 * DAY), ...reporter, place: anyPlace(random), ...story() };
    }
    case 'NUMBER_OFF_BY_ONE':
      if (reporter.phone === null) return null;
      return {
        ...base,
        ...numbered(near(6)),
        name: personName(random),
        phone: numberOffByOne(reporter.phone, random),
        place: anyPlace(random),
        ...story(),
      };
    case 'SAME_ADDRESS':
    case 'NEXT_DOOR': {
      if (place === null) return null;
      const there = link === 'NEXT_DOOR' ? { ...place, number: place.number + 1 } : place;
      return {
        ...base,
        ...numbered(near(28)),
        ...strangerOf(random),
        place: there,
        within,
        standardAddress: standardAddress(there, within),
        ...story(),
      };
    }
    case 'UNRELATED': {
      const there = anyPlace(random);
      const called = wallTime('2026-01-01') + random.between(0, asOf - HOUR - wallTime('2026-01-01'));
      return {
        ...base,
        ...numbered(called),
        ...strangerOf(random),
        place: there,
        standardAddress: random.chance(0.6) ? standardAddress(there) : null,
        ...story(),
      };
    }
  }
}

function strangerOf(random: Random): { name: string | null; phone: string | null } {
  return { name: random.chance(0.85) ? personName(random) : null, phone: random.chance(0.95) ? mobile(random) : null };
}

const diversionKind: IncidentKind = {
  weight: 0,
  code: '900100',
  path: ['非警务', '群众诉求', '公共服务', null],
  narratives: [],
};

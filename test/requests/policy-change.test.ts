import { beforeAll, expect, test } from 'vitest';
import { parsePolicy } from '../../src/access/policy-file.ts';
import { loadHouse, type House } from '../../src/hub/house.ts';
import type { ApplicationContent } from '../../src/requests/application.ts';
import { givesAlready } from '../../src/requests/carried-out.ts';
import { mergeGrant } from '../../src/requests/policy-change.ts';
import { projectRoot } from '../../src/schema/project-root.ts';

/* Where a grant belongs, and when a yes counts as carried out, on the shipped policies. */

let house: House;
beforeAll(async () => {
  house = await loadHouse(projectRoot, ['hotline', 'police', 'grid', 'market', 'housing']);
});

const content = (
  coordinates: readonly string[],
  over: Partial<ApplicationContent['asked']> = {},
): ApplicationContent => ({
  asked: {
    fields: coordinates.map((coordinate) => ({ coordinate, mask: null })),
    scope: ['handlesTicket'],
    from: null,
    until: '2027-12-31',
    ...over,
  },
  roles: ['HANDLER'],
  purposes: ['HANDLING'],
  basis: '消费者权益保护法',
  scenario: '核实产权人',
  decision: null,
});
const merge = (owner: string, asked: ApplicationContent, current: Pick<House, 'policy' | 'parsed'> = house) =>
  mergeGrant(
    { number: 'SQ-2026-000001', applicant: 'market', owner, content: asked },
    { ...asked.asked, law: asked.basis },
    house,
    current,
  );

test.each([
  ['a conditional line that gives a mask', 'housing', ['House.ownerName'], 'to-handling-departments'],
  ['a conditional denial', 'housing', ['House.ownerIdNumber'], 'to-handling-departments'],
  ['the first of several', 'housing', ['MaintenanceFund.balance', 'House.ownerName'], 'to-handling-departments'],
  ['a closing denial', 'housing', ['House.estate'], 'no-house-otherwise'],
  ['a denial of the whole type', 'police', ['DispatchRecord.crew'], 'to-handling-departments'],
])('the grant stands above %s', (_name, owner, coordinates, above) => {
  expect(merge(owner, content(coordinates))).toMatchObject({ above, problems: [] });
});

test('what nobody would deny comes last', () => {
  const bare = parsePolicy('policy: 1\nagency: housing\n', 'bare.yaml');
  const policy = { ...house.policy, rulesFor: () => [] };
  const parsed = house.parsed.map((p) => (p.value.agency === 'housing' ? bare : p));
  expect(merge('housing', content(['House.room']), { policy, parsed })).toMatchObject({ above: null });
});

test('an owner that takes no part any more, and a field that has gone, are problems and no fault', () => {
  const parsed = house.parsed.filter((p) => p.value.agency !== 'housing');
  expect(merge('housing', content(['House.room']), { ...house, parsed })).toMatchObject({
    problems: ['housing takes no part in this hub now, so that it has no policy here'],
    policy: null,
  });
  expect(merge('housing', content(['House.gone']))).toMatchObject({
    problems: [expect.stringContaining('there is no field House.gone')],
    policy: null,
  });
});

test.each<[name: string, coordinate: string, over: Partial<ApplicationContent['asked']>, given: boolean]>([
  ['given on a wider condition', 'House.estate', {}, true],
  ['given on one of two conditions, and neither is asked', 'House.estate', { scope: ['ticketInOwnArea'] }, false],
  ['given on the very condition, and more were asked', 'House.room', { scope: ['leadsTicket', 'handlesTicket'] }, true],
  ['given on a narrower condition', 'House.room', {}, false],
  ['given under a mask', 'House.ownerName', {}, false],
  ['given to everybody always', 'PropertyCompany.name', { scope: [] }, true],
  [
    'a mask asked where it is plain',
    'PropertyCompany.name',
    { fields: [{ coordinate: 'PropertyCompany.name', mask: 'pseudonym' }] },
    true,
  ],
  ['another mask', 'House.ownerName', { fields: [{ coordinate: 'House.ownerName', mask: 'pseudonym' }] }, false],
  ['denied', 'MaintenanceFund.balance', {}, false],
])('%s', (_name, coordinate, over, given) => {
  const asked = content([coordinate], over);
  expect(givesAlready(house, house.policy, 'housing', 'market', asked, asked.asked)).toBe(given);
});

test('fields without a row rule give nothing', () => {
  const policy = { ...house.policy, rowsFor: () => null };
  const asked = content(['PropertyCompany.name'], { scope: [] });
  expect(givesAlready(house, policy, 'housing', 'market', asked, asked.asked)).toBe(false);
});

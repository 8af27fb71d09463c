import { expect, test } from 'vitest';
import { codedError } from '../../src/errors/coded-error.ts';
import type { AccessNote } from '../../src/gate/report.ts';
import { accessExtension, noteErrors, rootErrors } from '../../src/hub/answer.ts';
import type { Lacking } from '../../src/policy/lacking.ts';

/* What an answer says of a field that was not given: place, policy, what is lacking, and whom to ask. */

const denied = (coordinate: string, agency = 'hotline', pathPattern = 'ticket.field'): AccessNote => ({
  status: 'DENIED',
  coordinate,
  pathPattern,
  agency,
});
const about = (found: Lacking | null, agency = 'housing') => ({
  policyVersion: '0123456789abcdef',
  purpose: 'HANDLING',
  agency,
  lacking: () => found,
});

test.each<[what: string, found: Lacking | null, agency: string, told: Record<string, unknown>]>([
  ['a grant', { lacks: 'GRANT' }, 'housing', { lacks: 'GRANT', apply: 'applyForAccess' }],
  [
    'the purpose',
    { lacks: 'PURPOSE', purposes: ['DISPATCH'] },
    'housing',
    { lacks: 'PURPOSE', purposes: ['DISPATCH'], apply: 'applyForAccess' },
  ],
  // Nobody can be granted it, so nobody is sent to apply.
  ['sharing itself', { lacks: 'SHARING', law: '刑事诉讼法' }, 'housing', { lacks: 'SHARING', law: '刑事诉讼法' }],
  // An agency does not apply to itself.
  ['a grant of its own agency', { lacks: 'GRANT' }, 'hotline', { lacks: 'GRANT' }],
  ['nothing that a policy knows', null, 'housing', {}],
])('%s is lacking', (_what, found, agency, told) => {
  const note = denied('Ticket.reporterIdNumber');
  const place = { coordinate: note.coordinate, pathPattern: 'ticket.field', agency: 'hotline' };
  const [error] = noteErrors([note], about(found, agency));
  expect(error?.toJSON()).toEqual({
    message:
      'Ticket.reporterIdNumber: not granted to your agency and role for this purpose, or not on this record; ask hotline (neither another purpose nor an application opens what is under secrecy outside its handling unit)',
    path: ['ticket', 'field'],
    extensions: { code: 'FIELD_DENIED', ...place, policyVersion: '0123456789abcdef', ...told },
  });
  expect(accessExtension([note], about(found, agency))).toEqual({
    access: {
      policyVersion: '0123456789abcdef',
      purpose: 'HANDLING',
      masked: [],
      denied: [{ ...place, ...told }],
      unavailable: [],
    },
  });
});

test('what was masked or is unavailable lacks nothing, and asks nobody', () => {
  const never = {
    ...about(null),
    lacking: (): never => expect.unreachable('nothing was denied'),
  };
  const place = { coordinate: 'Ticket.content', pathPattern: 'ticket.content', agency: 'hotline' };
  const notes: AccessNote[] = [
    { status: 'MASKED', ...place, mask: 'redacted', rule: 'hotline/own' },
    { status: 'UNAVAILABLE', ...place },
  ];
  expect(noteErrors(notes, never).map((e) => e.extensions)).toEqual([
    { code: 'SOURCE_UNAVAILABLE', ...place, policyVersion: '0123456789abcdef' },
  ]);
  expect(accessExtension(notes, never)).toMatchObject({
    access: { masked: [{ ...place, mask: 'redacted', rule: 'hotline/own' }], denied: [], unavailable: [place] },
  });
});

test('errors of roots name their place and the policy as well', () => {
  const errors = [
    codedError('FIELD_DENIED', 'no', { path: ['log'], extensions: { coordinate: 'Query.disclosures' } }),
    codedError('SOURCE_UNAVAILABLE', 'down', { path: ['t'], extensions: { agency: 'hotline', pathPattern: 't' } }),
    codedError('NOT_FOUND', 'none', { path: ['ticketsByNo', 1] }),
  ];
  expect(rootErrors(errors, about(null)).map((e) => e.toJSON())).toEqual([
    {
      message: 'no',
      path: ['log'],
      extensions: {
        code: 'FIELD_DENIED',
        coordinate: 'Query.disclosures',
        pathPattern: 'log',
        policyVersion: '0123456789abcdef',
      },
    },
    {
      message: 'down',
      path: ['t'],
      extensions: {
        code: 'SOURCE_UNAVAILABLE',
        agency: 'hotline',
        pathPattern: 't',
        policyVersion: '0123456789abcdef',
      },
    },
    { message: 'none', path: ['ticketsByNo', 1], extensions: { code: 'NOT_FOUND' } },
  ]);
});

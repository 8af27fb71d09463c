import type { Names } from './names.ts';

/** `sharing.yaml`: a careful beginning; every field is decided by a line. */
export function sharingFile({ agency, title, type, many, node, key, match }: Names): string {
  return `# yaml-language-server: $schema=../../docs/sharing.schema.json
# ${title}: sharing policy. Form and predicates: docs/policy.md. The first line that names a field and holds decides.
policy: 1
agency: ${agency}

consumers:
  own-staff:
    - { agency: ${agency}, roles: [SYSTEM, HANDLER, OPERATOR, SUPERVISOR] }
  departments:
    - { agency: '*', roles: [SYSTEM, HANDLER] }
  hotline-staff:
    - { agency: hotline, roles: [SYSTEM, HANDLER, OPERATOR, SUPERVISOR] }
  anyone:
    - { agency: '*', roles: [SYSTEM, OPERATOR, HANDLER, GRID_WORKER, SUPERVISOR, AUDITOR, STEWARD] }

fields:
  match:
    - Ticket.${many}
    - ${match}: [matchedBy, confidence, agency, source, fetchedAt, staleSince, ${node}]
  facts:
    - ${type}: [${key}, ticketNo, divisionCode, happenedAt, state]

rows:
  - id: own-records
    of: [${type}]
    to: [own-staff]
  # Others learn of a record only by a ticket that they handle.
  - id: records-of-handled
    of: [${type}]
    to: [departments, hotline-staff]
    when: [{ any: [handlesTicket, hotlineInOwnArea] }]

grants:
  - id: own
    to: [own-staff]
    purposes: [DISPATCH, HANDLING, FOLLOW_UP, SUPERVISION, EMERGENCY]
    law: 政务数据共享条例
    plain: [match, facts, ${type}.contactName, ${type}.contactPhone]
    verbatim: [${type}.summary]

  - id: to-handling-departments
    to: [departments, hotline-staff]
    purposes: [DISPATCH, HANDLING, FOLLOW_UP, EMERGENCY]
    law: 政务数据共享条例; 个人信息保护法 art. 6
    when: [{ any: [handlesTicket, hotlineInOwnArea] }]
    plain: [match, facts, ${type}.summary]
    mask:
      name: [${type}.contactName]
      phone: [${type}.contactPhone]

  # What no line above gives, to nobody and for nothing.
  - id: nothing-otherwise
    to: [anyone]
    purposes: [DISPATCH, HANDLING, FOLLOW_UP, SUPERVISION, AUDIT, EMERGENCY, STATISTICS]
    law: 个人信息保护法 art. 6
    deny: [Ticket.${many}, ${match}.*, ${type}.*]
`;
}

/** `sharing.test.yaml`: what the agency's data steward relies on. */
export function sharingTestFile({ agency, type, many }: Names): string {
  const condition = 'any(handlesTicket | hotlineInOwnArea)';
  return `# yaml-language-server: $schema=../../docs/sharing-test.schema.json
# What the data steward of ${agency} relies on; \`lianqiao policy test\` runs it. The words are those of \`policy matrix\`.
expectations:
  - name: who handles the ticket learns what happened, and of people behind masks only
    agency: police
    role: HANDLER
    purpose: HANDLING
    rows:
      ${type}: ${condition}
    fields:
      Ticket.${many}: '[reportInOwnUnit] plain if ${condition}'
      ${type}.state: plain if ${condition}
      ${type}.summary: mask redacted if ${condition}
      ${type}.contactName: mask name if ${condition}
      ${type}.contactPhone: mask phone if ${condition}

  - name: grid workers and auditors learn nothing
    agency: grid
    role: GRID_WORKER
    purpose: HANDLING
    rows:
      ${type}: none
    fields:
      Ticket.${many}: deny
      ${type}.contactPhone: deny
`;
}

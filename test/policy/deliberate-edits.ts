/** A change of a shipped policy that its steward would want to be told of. */
export interface Edit {
  readonly what: string;
  readonly agency: string;
  readonly from: string;
  readonly to: string;
  /** What `policy diff` tells: the kind of change, its subject, and how many classes of callers it concerns. */
  readonly diff: readonly string[];
  /** The subjects of the expectations that fail. */
  readonly test: readonly string[];
}

export const edits: readonly Edit[] = [
  {
    what: "the mask of the reporter's phone is taken off for all departments",
    agency: 'hotline',
    from: `      phone: [Ticket.reporterPhone]
      address: [Ticket.address, Ticket.standardAddress]
    deny:`,
    to: `      address: [Ticket.address, Ticket.standardAddress]
    plain: [Ticket.reporterPhone]
    deny:`,
    diff: ['mask Ticket.reporterPhone 12', 'mask Ticket.reporterPhone 24'],
    test: ['Ticket.reporterPhone'],
  },
  {
    what: 'whoever co-handles counts as lead',
    agency: 'hotline',
    from: 'when: [leadsTicket]',
    to: 'when: [handlesTicket]',
    diff: [
      'law Ticket.address 12',
      'law Ticket.address 24',
      'mask Ticket.address 24',
      'condition Ticket.latitude 24',
      'law Ticket.latitude 12',
      'condition Ticket.longitude 24',
      'law Ticket.longitude 12',
      'law Ticket.reporterName 12',
      'law Ticket.reporterName 24',
      'mask Ticket.reporterName 24',
      'law Ticket.reporterPhone 12',
      'law Ticket.reporterPhone 24',
      'mask Ticket.reporterPhone 24',
      'law Ticket.standardAddress 12',
      'law Ticket.standardAddress 24',
      'mask Ticket.standardAddress 24',
    ],
    test: [
      'Ticket.address',
      'Ticket.latitude',
      'Ticket.longitude',
      'Ticket.reporterName',
      'Ticket.reporterPhone',
      'Ticket.standardAddress',
    ],
  },
  {
    what: 'the emergency grant is written for handling',
    agency: 'hotline',
    from: `  - id: reporter-to-emergency
    to: [departments]
    purposes: [EMERGENCY]`,
    to: `  - id: reporter-to-emergency
    to: [departments]
    purposes: [HANDLING]`,
    diff: [
      'condition Ticket.address 12',
      'law Ticket.address 12',
      'mask Ticket.address 12',
      'condition Ticket.latitude 12',
      'condition Ticket.latitude 12',
      'condition Ticket.longitude 12',
      'condition Ticket.longitude 12',
      'condition Ticket.reporterName 12',
      'law Ticket.reporterName 12',
      'mask Ticket.reporterName 12',
      'condition Ticket.reporterPhone 12',
      'law Ticket.reporterPhone 12',
      'mask Ticket.reporterPhone 12',
      'condition Ticket.standardAddress 12',
      'law Ticket.standardAddress 12',
      'mask Ticket.standardAddress 12',
    ],
    test: [
      'Ticket.address',
      'Ticket.latitude',
      'Ticket.longitude',
      'Ticket.reporterName',
      'Ticket.reporterPhone',
      'Ticket.standardAddress',
    ],
  },
  {
    what: 'auditors see a surname in place of a pseudonym',
    agency: 'hotline',
    from: '      pseudonym: [Ticket.reporterName, step-operator]',
    to: `      pseudonym: [step-operator]
      name: [Ticket.reporterName]`,
    diff: ['mask Ticket.reporterName 1'],
    test: ['Ticket.reporterName'],
  },
  {
    what: 'tickets of all areas show to supervisors and auditors',
    agency: 'hotline',
    from: `    to: [area-staff, auditors]
    when: [ticketInOwnArea]`,
    to: '    to: [area-staff, auditors]',
    diff: ['rows Handoff 105', 'rows Ticket 34', 'rows Ticket 71', 'rows Trace 105'],
    test: ['Handoff (records)', 'Ticket (records)'],
  },
  {
    what: 'handoffs show to agencies that had no part in them',
    agency: 'hotline',
    from: '{ any: [handlesTicket, { namesOwnAgency: [from, to] }] }',
    to: 'handlesTicket',
    diff: ['rows Handoff 84', 'rows Handoff 14'],
    test: ['Handoff (records)'],
  },
  {
    what: 'confidential incidents show to others',
    agency: 'police',
    from: 'when: [notConfidential, { recordIs',
    to: 'when: [{ recordIs',
    diff: ['rows PoliceIncident 14', 'rows PoliceIncident 112'],
    test: ['PoliceIncident (records)'],
  },
  {
    what: 'incidents show that were not diverted',
    agency: 'police',
    from: 'when: [notConfidential, { recordIs: { field: nonPolice, is: [true] } }]',
    to: 'when: [notConfidential]',
    diff: ['rows PoliceIncident 112'],
    test: ['PoliceIncident (records)'],
  },
  {
    what: 'the narrative leaves the police unredacted',
    agency: 'police',
    from: `    plain: [match, facts, course, PoliceIncident.narrative]
`,
    to: `    plain: [match, facts, course]
    verbatim: [PoliceIncident.narrative]
`,
    diff: ['mask PoliceIncident.narrative 56'],
    test: ['PoliceIncident.narrative'],
  },
  {
    what: 'the crew is given away',
    agency: 'police',
    from: `    deny: [PoliceIncident.callAddress, point, DispatchRecord.crew]

  - id: to-grid`,
    to: `    deny: [PoliceIncident.callAddress, point]

  - id: crew
    to: [hotline-staff]
    purposes: [HANDLING]
    law: 国办发〔2022〕12号
    plain: [DispatchRecord.crew]

  - id: to-grid`,
    diff: ['gains DispatchRecord.crew 4'],
    test: ['DispatchRecord.crew'],
  },
  {
    what: 'grid workers see events of all grids',
    agency: 'grid',
    from: `    to: [grid-workers]
    when: [inOwnGrid]`,
    to: '    to: [grid-workers]',
    diff: ['rows GridEvent 7'],
    test: ['GridEvent (records)'],
  },
  {
    what: 'the hotline sees who reported an event',
    agency: 'grid',
    from: `    mask:
      address: [GridEvent.address]
    deny: [event-reporter]
`,
    to: `    mask:
      address: [GridEvent.address]
      name: [GridEvent.reporterName]
    deny: [GridEvent.reporterPhone]
`,
    diff: ['gains GridEvent.reporterName 16'],
    test: ['GridEvent.reporterName'],
  },
  {
    what: 'an address stands under a pseudonym',
    agency: 'grid',
    from: `      address: [GridEvent.address]
    deny: [event-reporter]`,
    to: `      pseudonym: [GridEvent.address]
    deny: [event-reporter]`,
    diff: ['mask GridEvent.address 16'],
    test: ['GridEvent.address'],
  },
  {
    what: 'complaints show to departments that have no part in the ticket',
    agency: 'market',
    from: `    of: [ConsumerComplaint]
    to: [departments, hotline-staff]
    when: [{ any: [handlesTicket, hotlineInOwnArea] }]`,
    to: `    of: [ConsumerComplaint]
    to: [departments, hotline-staff]`,
    diff: ['rows ConsumerComplaint 98'],
    test: ['ConsumerComplaint (records)'],
  },
  {
    what: "the contact's phone is given for a quarter",
    agency: 'market',
    from: `  - id: public-register
`,
    to: `  - id: contact-for-the-quarter
    to: [departments]
    purposes: [HANDLING]
    law: 政务数据共享条例
    from: 2026-10-01
    until: 2026-12-31
    plain: [MarketEntity.contactPhone]

  - id: public-register
`,
    diff: ['condition MarketEntity.contactPhone 12', 'law MarketEntity.contactPhone 12'],
    test: ['MarketEntity.contactPhone'],
  },
  {
    what: "the owner's name is denied to auditors",
    agency: 'housing',
    from: '      pseudonym: [owner, LeaseRegistration',
    to: '      pseudonym: [LeaseRegistration',
    diff: ['loses House.ownerName 1'],
    test: ['House.ownerName'],
  },
  {
    what: 'the wide grant comes before the narrow one',
    agency: 'housing',
    from: `  # The agency that leads a ticket gets to the door; others get to the street.
  - id: door-to-lead
    to: [departments]
    purposes: [HANDLING, FOLLOW_UP, EMERGENCY]
    law: 政务数据共享条例 art. 10
    when: [leadsTicket]
    plain: [flat]

  - id: to-handling-departments
    to: [departments, hotline-staff]
    purposes: [DISPATCH, HANDLING, FOLLOW_UP, EMERGENCY]
    law: 政务数据共享条例 art. 10
    when: [{ any: [handlesTicket, hotlineInOwnArea] }]
    plain: [match, building, company-contact, lease, House.floorArea, House.innerArea]
    mask:
      address: [House.address, House.standardAddress]
      name: [owner, LeaseRegistration.lessorName, LeaseRegistration.lesseeName]
      phone: [LeaseRegistration.lesseePhone]
    deny: [fund, House.unit, House.room, House.ownerIdNumber, LeaseRegistration.monthlyRent]

`,
    to: `  - id: to-handling-departments
    to: [departments, hotline-staff]
    purposes: [DISPATCH, HANDLING, FOLLOW_UP, EMERGENCY]
    law: 政务数据共享条例 art. 10
    when: [{ any: [handlesTicket, hotlineInOwnArea] }]
    plain: [match, building, company-contact, lease, House.floorArea, House.innerArea]
    mask:
      address: [House.address, House.standardAddress]
      name: [owner, LeaseRegistration.lessorName, LeaseRegistration.lesseeName]
      phone: [LeaseRegistration.lesseePhone]
    deny: [fund, House.unit, House.room, House.ownerIdNumber, LeaseRegistration.monthlyRent]

  # The agency that leads a ticket gets to the door; others get to the street.
  - id: door-to-lead
    to: [departments]
    purposes: [HANDLING, FOLLOW_UP, EMERGENCY]
    law: 政务数据共享条例 art. 10
    when: [leadsTicket]
    plain: [flat]

`,
    diff: ['mask House.address 36', 'loses House.room 36', 'mask House.standardAddress 36', 'loses House.unit 36'],
    test: ['House.address', 'House.room', 'House.standardAddress', 'House.unit'],
  },
  {
    what: 'a purpose too few for the register',
    agency: 'housing',
    from: `purposes: [DISPATCH, HANDLING, FOLLOW_UP, SUPERVISION, AUDIT, EMERGENCY]
    law: 物业管理条例`,
    to: `purposes: [DISPATCH, HANDLING, FOLLOW_UP, AUDIT, EMERGENCY]
    law: 物业管理条例`,
    diff: ['loses PropertyCompany.estates 38', 'loses PropertyCompany.name 38', 'loses PropertyCompany.uscc 38'],
    test: ['PropertyCompany.estates', 'PropertyCompany.name'],
  },
  {
    what: 'operators ask the log',
    agency: 'audit',
    from: 'roles: [SYSTEM, SUPERVISOR]',
    to: 'roles: [SYSTEM, SUPERVISOR, OPERATOR]',
    diff: [
      'rows Disclosure 14',
      'gains Disclosure.agency 14',
      'gains Disclosure.at 14',
      'gains Disclosure.boundTicketNo 14',
      'gains Disclosure.deniedFields 14',
      'gains Disclosure.disclosedFields 14',
      'gains Disclosure.disclosureNo 14',
      'gains Disclosure.documentHash 14',
      'gains Disclosure.maskedFields 14',
      'gains Disclosure.owners 14',
      'gains Disclosure.policyVersion 14',
      'gains Disclosure.purpose 14',
      'gains Disclosure.reason 14',
      'gains Disclosure.recordCount 14',
      'gains Disclosure.role 14',
      'gains Disclosure.ticketNos 14',
      'gains Disclosure.unavailableFields 14',
      'gains Disclosure.unit 14',
      'gains DisclosureConnection.totalCount 14',
    ],
    test: ['Disclosure (records)', 'Disclosure.disclosedFields'],
  },
  {
    what: 'owners read the reason of whatever was read',
    agency: 'audit',
    from: `    when: [{ recordIs: { field: purpose, is: [EMERGENCY] } }]
`,
    to: '',
    diff: ['condition Disclosure.reason 28'],
    test: ['Disclosure.reason'],
  },
];

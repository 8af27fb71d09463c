/** A tab that GraphiQL starts with. */
export interface Example {
  query: string;
  variables: string;
}

const oneTicket = `# 一件工单，五个系统 · One ticket, joined across five systems
query OneTicket($ticketNo: ID!) {
  ticket(ticketNo: $ticketNo) {
    ticketNo
    title
    status
    reporterName
    reporterPhone
    policeIncidents {
      matchedBy
      confidence
      incident {
        incidentNo
        callTime
        callerPhone
      }
    }
    grid {
      grid {
        name
        workers {
          name
          phone
        }
      }
    }
    marketEntities {
      matchedBy
      entity {
        uscc
        name
      }
    }
    houses {
      matchedBy
      house {
        houseCode
        dangerGrade
      }
    }
    trace {
      heldBy
      returnCount
    }
    access {
      field
      status
      rule
    }
  }
}
`;

const ticketList = `# 我可见的工单 · The tickets that this caller may see, the newest first
query TicketList($first: Int!) {
  tickets(first: $first) {
    totalCount
    nodes {
      ticketNo
      type
      title
      status
      leadAgency
      receivedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const explainAccess = `# 访问解释 · What this caller would get for the query in the variables; nothing is fetched
query ExplainAccess($query: String!) {
  explainAccess(query: $query) {
    policyVersion
    agency
    role
    purpose
    fields {
      coordinate
      verdict
      mask
      conditions
      rules
    }
    behind {
      coordinate
      reasons
    }
  }
}
`;

/** Three queries to start from; the ticket is the demo's, where there is one. */
export function examples(ticketNo: string): [Example, Example, Example] {
  const explained = `{ ticket(ticketNo: "${ticketNo}") { title reporterName reporterPhone policeIncidents { incident { callerPhone } } } }`;
  return [
    { query: oneTicket, variables: variables({ ticketNo }) },
    { query: ticketList, variables: variables({ first: 5 }) },
    { query: explainAccess, variables: variables({ query: explained }) },
  ];
}

function variables(values: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(values, null, 2);
}

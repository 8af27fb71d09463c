/** Source of the city's own hotline. */
const ownSource = '12345';

/** The ticket's number in the hub, `SOURCE:number`: a bare number means the city's own hotline. */
export function canonicalTicketNo(text: string): string {
  return text.includes(':') ? text : `${ownSource}:${text}`;
}

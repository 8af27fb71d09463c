/**
 * How large the city around the tickets is. Companies, estates and houses are functions of the seed and their index,
 * made again whenever a ticket refers to one, so that a city of any size needs no memory for them.
 */
export interface World {
  readonly seed: number;
  readonly companies: number;
  /** The first so many companies manage estates. */
  readonly propertyCompanies: number;
  readonly estates: number;
  readonly houses: number;
}

export const HOUSES_PER_ESTATE = 60;

export function worldFor(seed: number, tickets: number): World {
  const estates = Math.max(12, Math.ceil(tickets / 240));
  return {
    seed,
    companies: Math.max(150, Math.ceil(tickets * 0.06)),
    propertyCompanies: Math.max(6, Math.ceil(estates / 4)),
    estates,
    houses: estates * HOUSES_PER_ESTATE,
  };
}

import type { Category } from './categories/category.ts';
import { company, type Company } from './companies.ts';
import { house, houseWithin, managedBy, type House } from './houses.ts';
import { anyPlace, spokenAddress, type Place } from './places.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** What a ticket is about. */
export interface Subject {
  readonly place: Place | null;
  readonly within: string;
  readonly where: string;
  readonly what: string;
  readonly house: House | null;
  readonly company: Company | null;
}

/** Something that a ticket of this category can be about, with where that is. */
export function subjectOf(world: World, category: Category, random: Random): Subject {
  switch (category.subject) {
    case 'house': {
      const home = house(world, random.between(0, world.houses - 1));
      const { place, name } = home.estate;
      const within = houseWithin(name, home.building, home.unit, home.room);
      const manager = category.path[1] === '物业管理' ? managedBy(world, home.estate) : null;
      return { place, within, where: home.address, what: name, house: home, company: manager };
    }
    case 'company': {
      const firm = companyInTrade(world, category, random);
      const where = spokenAddress(firm.place);
      return { place: firm.place, within: '', where, what: firm.name, house: null, company: firm };
    }
    case 'street': {
      const place = anyPlace(random);
      const where = spokenAddress(place, random.chance(0.2) ? '附近' : '');
      return { place, within: '', where, what: place.community.name, house: null, company: null };
    }
    case 'none':
      return { place: null, within: '', where: '', what: '', house: null, company: null };
  }
}

/** A company that the category can be about: the next fitting one, so that a small city has an answer too. */
function companyInTrade(world: World, { trades }: Category, random: Random): Company {
  const shops = world.companies - world.propertyCompanies;
  const start = random.between(0, shops - 1);
  for (let i = 0; i < 60; i++) {
    const firm = company(world, world.propertyCompanies + ((start + i) % shops));
    if (trades === undefined || trades.includes(firm.trade.suffix)) return firm;
  }
  return company(world, world.propertyCompanies + start);
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogueItems, openCatalogue } from '../../src/catalogue/catalogue.ts';
import { loadConfig } from '../../src/config/config.ts';
import { loadHouse } from '../../src/hub/house.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { askers } from '../hub/askers.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';

/* The root field `catalogue`: what the command prints, for every identified caller and without a purpose. */

const terms = 'rule to { agency roles } purposes when from until';
const fields = `
  agency type field coordinate name description valueType format category grade personal sensitive law
  conditions { ${terms} manner mask law }
  dataset { id agency type title titleEn updateFrequency format records { ${terms} } }
`;

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

test.each([{}, { agency: 'grid' }, { type: 'Ticket' }, { agency: 'police', type: 'Ticket' }, { agency: 'nobody' }])(
  'answers the catalogue of %j whole',
  async (filter) => {
    const house = await loadHouse(projectRoot, loadConfig({}).connectors);
    const { claims } = askers.police;
    const query = `query($agency: AgencyCode, $type: String) { catalogue(agency: $agency, type: $type) { ${fields} } }`;
    const { data, errors } = await hub.ask({ claims }, query, filter);
    expect(errors).toEqual([]);
    expect(data).toEqual({ catalogue: catalogueItems(openCatalogue(house)(house), filter) });
  },
);

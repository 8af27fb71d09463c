import { expect, test } from 'vitest';
import grid from '../../../connectors/grid/connector.ts';
import hotline from '../../../connectors/hotline/connector.ts';
import housing from '../../../connectors/housing/connector.ts';
import market from '../../../connectors/market/connector.ts';
import police from '../../../connectors/police/connector.ts';
import { checkConnector } from '../../../src/connector/check/check-connector.ts';

/* Every connector of the repository passes the kit, by each of its drivers. */

test.each([hotline, police, grid, market, housing].map((c) => [c.agency, c] as const))(
  '%s passes',
  async (_agency, connector) => {
    const results = await checkConnector(connector, { quick: true });
    const failed = results.filter((r) => r.result === 'failed');
    expect(failed.map((r) => `${r.source} by ${r.kind}: ${r.check}: ${r.problems.join('; ')}`)).toEqual([]);
    const drivers = connector.sources.flatMap((s) => s.drivers.map((d) => `${s.name} ${d.kind}`));
    expect([...new Set(results.map((r) => `${r.source} ${r.kind}`))]).toEqual(drivers);
    expect(results.filter((r) => r.result === 'passed').length).toBeGreaterThan(drivers.length * 18);
  },
  180_000,
);

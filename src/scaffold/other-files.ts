import type { Names, ScaffoldKind } from './names.ts';

/** `samples.json`: rows as the system has them; its simulator serves them. */
export function samplesFile({ type }: Names, ticketNo: string): string {
  const rows = [
    {
      BH: 'A-2026-0001',
      GDBH: ticketNo,
      XZQHDM: '350102',
      FSSJ: '2026-11-05 10:12:30',
      ZT: '1',
      NR: '现场联系人陈先生, 电话 138 0059 0119',
      LXR: '陈建国',
      LXDH: '138 0059 0119',
    },
    {
      BH: 'A-2026-0002',
      GDBH: null,
      XZQHDM: '350104',
      FSSJ: '2026-11-06 08:00:00',
      ZT: '2',
      NR: null,
      LXR: '欧阳小敏',
      LXDH: '0591-87650119',
    },
  ];
  return `${JSON.stringify({ [type]: rows }, null, 2)}\n`;
}

/** `README.md`: the system behind the connector, to be completed by who knows it. */
export function readmeFile({ agency, title, type, many, key }: Names, kind: ScaffoldKind): string {
  return `# ${agency}: ${title}

Joins ${title} to the hub over \`${kind}\`. A ticket leads to \`${many}\` by its number.

| column   | field          | what                                                    |
| -------- | -------------- | ------------------------------------------------------- |
| \`BH\`     | \`${key}\` | number, unique                                          |
| \`GDBH\`   | \`ticketNo\`     | number of the ticket, with its source: \`12345:…\`        |
| \`XZQHDM\` | \`divisionCode\` | division, GB/T 2260                                     |
| \`FSSJ\`   | \`happenedAt\`   | \`2026-11-05 10:12:30\`, Beijing time without a zone      |
| \`ZT\`     | \`state\`        | \`1\` open, \`2\` closed; any other code shows as unreadable |
| \`NR\`     | \`summary\`      | free text: redacted unless the policy says otherwise    |
| \`LXR\`    | \`contactName\`  | a person's name                                         |
| \`LXDH\`   | \`contactPhone\` | as somebody typed it; normalised when it is read        |

\`${type}\` is declared in \`schema.graphql\`, read in \`mapping.ts\`, asked for in \`connector.ts\`, shared in \`sharing.yaml\`.
\`samples.json\` holds rows for its simulator: \`lianqiao connector simulate ${agency}\`. \`lianqiao connector check ${agency}\` runs
the conformance kit on it.

## Traps

Note here what the next person must know: spellings, codes that changed, times without a zone, pages that move.
`;
}

/** `AGENCY.test.ts`: the conformance kit, with each run of the tests. */
export function testFile({ agency }: Names): string {
  return `import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkConnector } from '../../src/connector/check/check-connector.ts';
import { openSamples } from '../../src/connector/simulate/samples.ts';
import connector from './connector.ts';

test('${agency} passes the conformance kit', async () => {
  const results = await checkConnector(connector, { quick: true });
  const failed = results.filter((r) => r.result === 'failed');
  expect(failed.map((r) => \`\${r.kind}: \${r.check}: \${r.problems.join('; ')}\`)).toEqual([]);
  expect(results.some((r) => r.result === 'passed')).toBe(true);
}, 180_000);

test('its samples have the columns that the mapping reads', () => {
  for (const { entities } of connector.sources)
    openSamples(fileURLToPath(new URL('samples.json', import.meta.url)), entities).close();
});
`;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPolicyFile, type ParsedPolicy } from '../access/policy-file.ts';
import { ConfigurationError } from '../access/problem.ts';
import { isAgencyCode, reconciliationAgency } from '../codes/agency.ts';
import type { Connector } from '../connector/connector.ts';
import type { SdlModule } from '../connector/sdl-module.ts';
import { auditConnector } from '../audit/connector.ts';

/** The shared contract and the agency that owns what it declares. */
const shared: readonly (readonly [agency: string, file: string])[] = [
  ['hub', 'schema/directives.graphql'],
  ['hub', 'schema/scalars.graphql'],
  ['hub', 'schema/common.graphql'],
  ['hub', 'schema/cases.graphql'],
  ['hub', 'schema/catalogue.graphql'],
  ['hub', 'schema/statistics.graphql'],
  ['hub', 'schema/requests.graphql'],
  ['hub', 'schema/policy.graphql'],
  ['hub', 'schema/ticket-actions.graphql'],
  ['hub', 'schema/ticket-push.graphql'],
  ['hub', 'schema/events.graphql'],
  ['hotline', 'schema/ticket.graphql'],
  ['hotline', 'schema/handoff.graphql'],
  ['audit', 'schema/audit.graphql'],
];

/** Everything that the configured folders say, read but not yet judged. */
export interface HubModules {
  readonly connectors: readonly Connector[];
  readonly sdl: readonly SdlModule[];
}

/** Loads the connectors' folders below `root`. Throws `ConfigurationError` for one that is missing or not whole. */
export async function loadModules(root: string, agencies: readonly string[]): Promise<HubModules> {
  checkAgencies(agencies);
  const sdl = shared.map(([agency, file]) => readSdl(root, agency, file));
  const connectors: Connector[] = [];
  for (const agency of agencies) {
    sdl.push(readSdl(root, agency, `connectors/${agency}/schema.graphql`));
    connectors.push(await loadConnector(agency));
  }
  return { connectors: [...connectors, auditConnector], sdl };
}

/** Where the agency's sharing policy lies, from the repository's root. */
export function policyFileOf(agency: string): string {
  return agency === 'audit' ? 'src/audit/sharing.yaml' : `connectors/${agency}/sharing.yaml`;
}

/** The names become paths, so they are checked before anything is read. */
function checkAgencies(agencies: readonly string[]): void {
  const problem = (message: string): ConfigurationError =>
    new ConfigurationError([{ file: 'configuration', message: `connectors: ${message}` }]);
  for (const [i, agency] of agencies.entries()) {
    if (!isAgencyCode(agency))
      throw problem(`"${agency}" is no agency's name; use a small letter, then letters and digits`);
    if (agency === 'audit') throw problem("audit is the hub's own log and always takes part; leave it out");
    if (agency === reconciliationAgency)
      throw problem(`${agency} is the name under which the hub itself compares records; give the agency another`);
    if (agencies.indexOf(agency) !== i) throw problem(`${agency} stands twice; name it once`);
  }
}

/** The sharing policies of these agencies and of the log. */
export function loadPolicies(root: string, agencies: readonly string[]): ParsedPolicy[] {
  const files = [...agencies, 'audit'].map((agency) => [agency, policyFileOf(agency)] as const);
  return files.map(([agency, file]) => {
    const parsed = readPolicyFile(join(root, file), file);
    if (parsed.value.agency !== agency)
      throw new ConfigurationError([
        parsed.problem(['agency'], `this is the policy of ${agency}, but it names ${parsed.value.agency}`),
      ]);
    return parsed;
  });
}

function readSdl(root: string, agency: string, file: string): SdlModule {
  try {
    return { agency, file, sdl: readFileSync(join(root, file), 'utf8') };
  } catch {
    throw new ConfigurationError([
      {
        file,
        message:
          'cannot be read; a connector is a folder with schema.graphql, sharing.yaml, connector.ts and mapping.ts',
      },
    ]);
  }
}

async function loadConnector(agency: string): Promise<Connector> {
  // The same extension as this file's own: .ts from the sources, .js from the build.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const file = `connectors/${agency}/connector.${extension}`;
  const url = new URL(`../../${file}`, import.meta.url);
  const loaded = (await import(url.href)) as { default?: Connector };
  if (loaded.default?.agency !== agency) {
    throw new ConfigurationError([{ file, message: `must export the connector of ${agency} as its default` }]);
  }
  return loaded.default;
}

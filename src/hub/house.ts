import type { GraphQLSchema } from 'graphql';
import { openCatalogue, type Catalogue, type CataloguePolicies } from '../catalogue/catalogue.ts';
import { schemaFacts, type SchemaFacts } from '../access/facts.ts';
import type { ParsedPolicy } from '../access/policy-file.ts';
import { compilePolicy, type Policy } from '../access/policy.ts';
import { ConfigurationError } from '../access/problem.ts';
import { createRegistry, type Registry } from '../connector/registry.ts';
import type { SdlModule } from '../connector/sdl-module.ts';
import { embeddedSchema } from '../schema/embedded.ts';
import { ticketRowsOnConnections } from './check-connections.ts';
import { joinProblems } from './check-joins.ts';
import { loadModules, loadPolicies } from './modules.ts';

/** What a hub is made of and what does not change while it runs: the SDL and the connectors' declarations. */
export interface Contract {
  readonly agencies: readonly string[];
  readonly schema: GraphQLSchema;
  readonly facts: SchemaFacts;
  readonly registry: Registry;
  readonly sdl: readonly SdlModule[];
  /** The catalogue under these policies. */
  catalogue(policies: CataloguePolicies): Catalogue;
}

/** All agencies' policies, compiled together, and their texts again for tools that look at lines. */
export interface JudgedPolicies {
  readonly policy: Policy;
  readonly parsed: readonly ParsedPolicy[];
}

/** Contract and policies of a hub, judged but without any source opened. */
export interface House extends Contract, JudgedPolicies {}

/** Reads the contract below `root`. Throws `ConfigurationError` (a category or folder is not right). */
export async function loadContract(root: string, agencies: readonly string[]): Promise<Contract> {
  const { connectors, sdl } = await loadModules(root, agencies);
  const facts = schemaFacts(sdl);
  const registry = createRegistry(connectors);
  const catalogue = openCatalogue({ sdl, facts, registry });
  return { agencies, schema: embeddedSchema(sdl), facts, registry, sdl, catalogue };
}

/** Reads and judges the policies below `policyRoot`. Throws `ConfigurationError` with every problem. */
export function loadJudged(contract: Contract, policyRoot: string): JudgedPolicies {
  return judgePolicies(contract, loadPolicies(policyRoot, contract.agencies));
}

/** Compiles the policies, all or none. Throws `ConfigurationError` with every problem. */
export function judgePolicies(
  { facts, registry, sdl }: Pick<Contract, 'facts' | 'registry' | 'sdl'>,
  parsed: readonly ParsedPolicy[],
): JudgedPolicies {
  const policy = compilePolicy(
    parsed,
    facts,
    sdl.map((m) => m.sdl),
  );
  const problems = [...joinProblems(registry, facts, policy), ...ticketRowsOnConnections(registry, policy)];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { policy, parsed };
}

/**
 * Reads the folders below `root`; the policies from below `policyRoot`, where they are kept apart. Throws
 * `ConfigurationError` (a category, policy, join or folder is not right) with every problem, its file and line.
 */
export async function loadHouse(root: string, agencies: readonly string[], policyRoot: string = root): Promise<House> {
  const contract = await loadContract(root, agencies);
  return { ...contract, ...loadJudged(contract, policyRoot) };
}

import type { GraphQLSchema } from 'graphql';
import { schemaFacts, type SchemaFacts } from '../access/facts.ts';
import type { ParsedPolicy } from '../access/policy-file.ts';
import { compilePolicy, type Policy } from '../access/policy.ts';
import { ConfigurationError } from '../access/problem.ts';
import { createRegistry, type Registry } from '../connector/registry.ts';
import { embeddedSchema } from '../schema/embedded.ts';
import { joinProblems } from './check-joins.ts';
import { loadModules, loadPolicies } from './modules.ts';

/** Contract, connectors and policies of a hub, judged but without any source opened. */
export interface House {
  readonly schema: GraphQLSchema;
  readonly facts: SchemaFacts;
  readonly registry: Registry;
  readonly policy: Policy;
  /** The policies' texts again, for tools that look at their lines. */
  readonly parsed: readonly ParsedPolicy[];
}

/**
 * Reads the folders below `root`; the policies from below `policyRoot`, where they are kept apart. Throws
 * `ConfigurationError` (a category, policy, join or folder is not right) with every problem, its file and line.
 */
export async function loadHouse(root: string, agencies: readonly string[], policyRoot: string = root): Promise<House> {
  const { connectors, sdl } = await loadModules(root, agencies);
  const facts = schemaFacts(sdl);
  const schema = embeddedSchema(sdl);
  const registry = createRegistry(connectors);
  const parsed = loadPolicies(policyRoot, agencies);
  const policy = compilePolicy(
    parsed,
    facts,
    sdl.map((m) => m.sdl),
  );
  const problems = joinProblems(registry, facts, policy);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { schema, facts, registry, policy, parsed };
}

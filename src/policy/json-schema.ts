import { z } from 'zod';
import { conditionForm, policyFile } from '../access/policy-file.ts';
import { predicates } from '../access/predicates.ts';
import { expectationFile } from './expectations.ts';

/** Draft 7: what the YAML plugins of editors know. */
const target = 'draft-7';

/** JSON Schema of `sharing.yaml`, for help while writing. The hub itself checks more: names, owners and categories. */
export function sharingSchema(): unknown {
  const { definitions, ...schema } = z.toJSONSchema(policyFile, {
    target,
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod !== conditionForm._zod) return;
      delete jsonSchema.anyOf;
      jsonSchema.$ref = '#/definitions/condition';
    },
  });
  return { ...schema, definitions: { ...(definitions as object | undefined), condition: conditionSchema() } };
}

/** JSON Schema of `sharing.test.yaml`. */
export function expectationsSchema(): unknown {
  return z.toJSONSchema(expectationFile, { target, io: 'input' });
}

/** A name, or a map of one name and its arguments: each predicate with its own, and `any`, `all` and `not`. */
function conditionSchema(): unknown {
  const condition = { $ref: '#/definitions/condition' };
  const list = { type: 'array', items: condition };
  const named = Object.entries(predicates).map(([name, { args }]) => [name, args as z.ZodType] as const);
  const withArguments = named
    .filter(([, args]) => !(args instanceof z.ZodUndefined))
    .map(([name, args]) => {
      const { $schema: _, ...schema } = z.toJSONSchema(args, { target, io: 'input' });
      return [name, schema] as const;
    });
  return {
    description: 'A condition; several in a list must all hold',
    anyOf: [
      { enum: named.filter(([, args]) => args.safeParse(undefined).success).map(([name]) => name) },
      {
        type: 'object',
        properties: { any: list, all: list, not: condition, ...Object.fromEntries(withArguments) },
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
      },
    ],
  };
}

import { GraphQLError } from 'graphql';
import type { ErrorCode } from './codes.ts';

/** An error for the caller: a stable code, a message without any value of a record, and facts that help. */
export function codedError(
  code: ErrorCode,
  message: string,
  more: { readonly path?: readonly (string | number)[]; readonly extensions?: Readonly<Record<string, unknown>> } = {},
): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code, ...more.extensions },
    ...(more.path === undefined ? {} : { path: more.path }),
  });
}

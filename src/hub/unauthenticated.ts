import type { GraphQLError } from 'graphql';
import { codedError } from '../errors/coded-error.ts';
import type { UnauthenticatedError } from '../identity/errors.ts';

/** What a caller is told that could not be identified. */
export function unauthenticated({ message, reason }: UnauthenticatedError): GraphQLError {
  return codedError('UNAUTHENTICATED', message, { extensions: { reason } });
}

import { buildClientSchema, getIntrospectionQuery, type GraphQLSchema, type IntrospectionQuery } from 'graphql';
import { useEffect, useState } from 'react';
import { isRecord } from '../shared/is-record.ts';
import { postGraphql } from '../shared/post-graphql.ts';

/** The schema for docs and completion, or the code of why there is none. */
export type SchemaState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'schema'; readonly schema: GraphQLSchema }
  | { readonly kind: 'none'; readonly code: string };

/** Asks for the schema with this token. Only data stewards (role STEWARD) are told it. */
export function useSchema(token: string): SchemaState {
  const [state, setState] = useState<SchemaState>({ kind: 'loading' });
  useEffect(() => {
    if (token === '') return setState({ kind: 'none', code: '' });
    setState({ kind: 'loading' });
    const gone = new AbortController();
    introspect(token, gone.signal).then(setState, (error: unknown) => {
      if (!gone.signal.aborted) throw error;
    });
    return () => gone.abort();
  }, [token]);
  return state;
}

async function introspect(token: string, signal: AbortSignal): Promise<SchemaState> {
  const question = { query: getIntrospectionQuery(), operationName: 'IntrospectionQuery' };
  const posted = await postGraphql({ token, purpose: '' }, question, signal);
  if (posted.kind === 'failed') return { kind: 'none', code: posted.code };
  if (!isIntrospection(posted.data)) return { kind: 'none', code: posted.codes[0] ?? 'INTROSPECTION_DENIED' };
  return { kind: 'schema', schema: buildClientSchema(posted.data) };
}

function isIntrospection(data: unknown): data is IntrospectionQuery {
  return isRecord(data) && isRecord(data['__schema']);
}

import { GraphQLError, type ExecutionResult } from 'graphql';
import type { AccessNote } from '../gate/report.ts';
import type { Lacking } from '../policy/lacking.ts';
import { codedError } from '../errors/coded-error.ts';
import { errorCodes } from '../errors/codes.ts';
import { unavailable } from '../gate/unavailable.ts';

export interface AnswerContext {
  readonly policyVersion: string;
  readonly purpose: string | null;
  /** What the caller lacks on a field that it was denied. */
  readonly lacking: (coordinate: string) => Lacking | null;
  /** The caller's agency, which cannot apply to itself. */
  readonly agency: string;
}

/** One error for each plan node that was denied or unavailable: the same whichever condition failed. */
export function noteErrors(notes: readonly AccessNote[], about: AnswerContext): GraphQLError[] {
  const { policyVersion } = about;
  return notes.flatMap((note): GraphQLError[] => {
    const { coordinate, pathPattern, agency } = note;
    const extensions = { coordinate, pathPattern, agency, policyVersion };
    const place = pathPattern.includes('*') ? {} : { path: pathPattern.split('.') };
    switch (note.status) {
      case 'DENIED':
        return [
          codedError('FIELD_DENIED', denial(note), {
            ...place,
            extensions: { ...extensions, ...wayOut(note, about) },
          }),
        ];
      case 'UNAVAILABLE':
        return [
          codedError('SOURCE_UNAVAILABLE', unavailable(coordinate, agency, note), {
            ...place,
            extensions: {
              ...extensions,
              ...(note.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: note.retryAfterSeconds }),
            },
          }),
        ];
      case 'MASKED':
        return [];
    }
  });
}

/**
 * One sentence for every denial. Which of its reasons holds is not told: that a record is a report, or that its reporter
 * asked for secrecy, would stand between the lines. So the way out names its limit to everybody alike.
 */
function denial({ coordinate, agency, takesRecord }: Extract<AccessNote, { status: 'DENIED' }>): string {
  // Told by the schema alone, and so to everybody alike as well.
  const gone =
    takesRecord === true
      ? '; it is never null, so the record goes with it: leave the field out to be given the others'
      : '';
  return `${coordinate}: not granted to your agency and role for this purpose, or not on this record; ask ${agency} (neither another purpose nor an application opens what is under secrecy outside its handling unit)${gone}`;
}

/** A record type of which the answer's records came stale. */
export interface StaleRecords {
  readonly type: string;
  readonly agency: string;
  readonly source: string;
  /** RFC 3339: since when the source could not be asked, or has brought nothing newer. */
  readonly staleSince: string;
}

/** `extensions.access`: what was masked, denied, unavailable or stale, and under which policy. `stale` is there where anything is. */
export function accessExtension(
  notes: readonly AccessNote[],
  about: AnswerContext,
  stale: readonly StaleRecords[] = [],
): Readonly<Record<string, unknown>> {
  const { policyVersion, purpose } = about;
  const of = (status: AccessNote['status']): unknown[] =>
    notes
      .filter((n) => n.status === status)
      .map((n) => ({
        coordinate: n.coordinate,
        pathPattern: n.pathPattern,
        agency: n.agency,
        ...(n.status === 'MASKED' ? { mask: n.mask, rule: n.rule } : {}),
        ...(n.status === 'DENIED' ? wayOut(n, about) : {}),
      }));
  return {
    access: {
      policyVersion,
      purpose,
      masked: of('MASKED'),
      denied: of('DENIED'),
      unavailable: of('UNAVAILABLE'),
      ...(stale.length === 0 ? {} : { stale }),
    },
  };
}

/**
 * What the caller lacks, and where to apply for it. It follows from the policy, the caller's class and the coordinate
 * alone, so that a denial that hung on a condition is byte for byte one that did not.
 */
function wayOut(
  { coordinate, agency: owner }: AccessNote,
  { lacking, agency }: AnswerContext,
): Readonly<Record<string, unknown>> {
  const found = lacking(coordinate);
  if (found === null) return {};
  return found.lacks === 'SHARING' || owner === agency ? found : { ...found, apply: 'applyForAccess' };
}

/** The errors of root fields, with the place and the policy that every verdict names. */
export function rootErrors(errors: readonly GraphQLError[], { policyVersion }: AnswerContext): GraphQLError[] {
  return errors.map((error) => {
    const { code } = error.extensions;
    if (code !== 'FIELD_DENIED' && code !== 'SOURCE_UNAVAILABLE') return error;
    const { path = [] } = error;
    const extensions = { pathPattern: path.join('.'), ...error.extensions, policyVersion };
    return codedError(code, error.message, { path: [...path], extensions });
  });
}

/** The executor's own errors, without inner messages: only coded ones may say more. */
export function executorErrors(result: ExecutionResult): GraphQLError[] {
  return (result.errors ?? []).map((error) => {
    const { path } = error;
    const place = path === undefined ? {} : { path: [...path] };
    return isOurs(error)
      ? codedError(error.extensions.code, error.message, place)
      : codedError('INTERNAL', 'the value cannot be shown; the operators have been told', place);
  });
}

function isOurs(error: GraphQLError): error is GraphQLError & { extensions: { code: (typeof errorCodes)[number] } } {
  // An executor's own errors may come without extensions.
  const code = (error.extensions as GraphQLError['extensions'] | undefined)?.['code'];
  return typeof code === 'string' && code !== 'INTERNAL' && (errorCodes as readonly string[]).includes(code);
}

/**
 * A variable that graphql-js refused. Its own message quotes the value, which may be personal, so the answer names the
 * variable alone.
 */
export function variableError(error: GraphQLError): GraphQLError {
  const name = /^Variable "\$(\w+)"/.exec(error.message)?.[1];
  const required = /of required type "([^"]+)" was not provided/.exec(error.message)?.[1];
  const message =
    name === undefined
      ? 'a variable cannot be used'
      : required === undefined
        ? `the variable $${name} does not have the form of its type`
        : `the variable $${name} of type ${required} is missing`;
  return codedError('BAD_USER_INPUT', message);
}

/**
 * What a caller is told of a source that gave nothing. Whether waiting helps is all that is said of the fault: a source that
 * refuses, or a value that cannot be read, stays so until somebody mends it.
 */
export function unavailable(
  place: string,
  agency: string,
  { retryAfterSeconds }: { readonly retryAfterSeconds?: number },
): string {
  return retryAfterSeconds === undefined
    ? `${place}: the ${agency} source cannot give this as it stands; waiting does not help, tell ${agency}`
    : `${place}: the ${agency} source is not available; try again later`;
}

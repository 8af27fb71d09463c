import { bulkhead } from 'cockatiel';
import { accepted, type HttpClient } from '../http/http-client.ts';
import type { SourceKey } from '../mapping.ts';
import type { Row } from '../rows/row-wire.ts';
import type { RestSingleKey } from './declaration.ts';
import { memberAt } from './members.ts';
import { Parameters } from './parameters.ts';
import { malformed } from '../rows/malformed.ts';

interface SingleKeys {
  readonly agency: string;
  readonly http: HttpClient;
  readonly single: RestSingleKey;
  /** The column that the keys are values of. */
  readonly column: string;
  readonly keys: readonly SourceKey[];
  /** What the service calls the columns that are asked for. */
  readonly names: readonly string[];
  readonly signal: AbortSignal;
  readonly onStatement: (text: string) => void;
  readonly readJson: (text: string) => unknown;
  readonly readRow: (one: unknown) => Row;
}

/** The rows of keys that the service is asked for one by one, so many side by side. The first that fails ends the others. */
export async function singleKeys(of: SingleKeys): Promise<readonly Row[]> {
  const { agency, http, single, column } = of;
  const parameters = new Parameters();
  if (single.columns !== undefined) parameters.setList(single.columns, of.names);
  const statement = parameters.describe({ ...single, method: 'GET' });
  const failed = new AbortController();
  const signal = AbortSignal.any([of.signal, failed.signal]);

  const rowsOf = async (key: SourceKey): Promise<readonly Row[]> => {
    const path = pathOf(single.path, String(key));
    if (path === null) return [];
    signal.throwIfAborted();
    of.onStatement(statement);
    const answer = await http.exchange({ ...parameters.callOf({ method: 'GET', path }), signal });
    if (answer.status === 404) return [];
    const found = memberAt(of.readJson(accepted(agency, answer).text), single.rows);
    if (found === undefined) throw malformed(agency, 'has no row where one should be');
    const rows: readonly unknown[] = found === null ? [] : Array.isArray(found) ? found : [found];
    return rows.map((one) => {
      const row = of.readRow(one);
      return row[column] === undefined ? { ...row, [column]: key } : row;
    });
  };

  const sideBySide = bulkhead(single.sideBySide, Number.MAX_SAFE_INTEGER);
  try {
    const found = await Promise.all(of.keys.map((key) => sideBySide.execute(() => rowsOf(key))));
    return found.flat();
  } catch (error) {
    failed.abort();
    throw error;
  }
}

/** The key's own path; null for a key that no path can hold, and so no row has. */
function pathOf(template: string, key: string): string | null {
  // Dots alone would lead to another path of the service, however they are encoded; half a character cannot be encoded.
  if (key === '.' || key === '..' || !isWellFormed(key)) return null;
  return template.replace('{key}', () => encodeURIComponent(key));
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

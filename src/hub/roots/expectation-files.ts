import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { policyFileOf } from '../modules.ts';

/** The files of expectations that lie beside the policies below `root`: where each lies, and its name for a reader. */
export function expectationFiles(
  root: string,
  agencies: readonly string[],
): readonly { readonly path: string; readonly shownAs: string }[] {
  return agencies
    .map((agency) => policyFileOf(agency).replace(/\.yaml$/, '.test.yaml'))
    .map((shownAs) => ({ path: join(root, shownAs), shownAs }))
    .filter(({ path }) => existsSync(path));
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { policyFileOf } from '../modules.ts';

export interface ExpectationFile {
  readonly path: string;
  /** Its name for a reader. */
  readonly shownAs: string;
  /** Whether it is there: a policy without one is tested by nothing. */
  readonly exists: boolean;
}

/** The files of expectations that belong beside the policies below `root`. */
export function expectationFiles(root: string, agencies: readonly string[]): readonly ExpectationFile[] {
  return agencies
    .map((agency) => policyFileOf(agency).replace(/\.yaml$/, '.test.yaml'))
    .map((shownAs) => {
      const path = join(root, shownAs);
      return { path, shownAs, exists: existsSync(path) };
    });
}

import { connectorFile } from './connector-file.ts';
import { mappingFile } from './mapping-file.ts';
import { namesOf, type ScaffoldOptions } from './names.ts';
import { readmeFile, samplesFile, testFile } from './other-files.ts';
import { schemaFile } from './schema-file.ts';
import { sharingFile, sharingTestFile } from './sharing-files.ts';
import type { TakenNames } from './taken.ts';
import { wsdlFile } from './wsdl-file.ts';

/**
 * The files of a new connector, by name: a folder that builds, starts and passes the conformance kit as it is, to be
 * changed into the agency's own. `ticketNo` is a ticket that its first sample belongs to. Throws `RangeError` for names
 * that cannot be, or are `taken`.
 */
export function scaffold(options: ScaffoldOptions, ticketNo: string, taken: TakenNames): ReadonlyMap<string, string> {
  const names = namesOf(options, taken);
  return new Map([
    ['schema.graphql', schemaFile(names)],
    ['sharing.yaml', sharingFile(names)],
    ['sharing.test.yaml', sharingTestFile(names)],
    ['mapping.ts', mappingFile(names)],
    ['connector.ts', connectorFile(names, options.source)],
    ['samples.json', samplesFile(names, ticketNo)],
    ['README.md', readmeFile(names, options.source)],
    [`${names.agency}.test.ts`, testFile(names)],
    ...(options.source === 'soap' ? [[`${names.agency}.wsdl`, wsdlFile(names)] as const] : []),
  ]);
}

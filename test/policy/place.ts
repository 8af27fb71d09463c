import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository: string = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where the command looks for contract and policies, in tests that put this in the place of `projectRoot`. */
export const place = { root: repository };

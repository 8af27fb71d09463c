/** `CITY_EXISTS`: the folder holds databases that a seed would replace. `FOLDER_UNUSABLE`: it cannot be written. */
type SeedErrorCode = 'CITY_EXISTS' | 'FOLDER_UNUSABLE';

/** The city was not seeded, and nothing was changed. The message is one line and names the folder and the way out. */
export class SeedError extends Error {
  readonly code: SeedErrorCode;
  constructor(code: SeedErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SeedError';
    this.code = code;
  }
}

/** The error for a folder in which a file could not be made, from the file system's error. */
export function folderUnusable(dataDir: string, cause: unknown): SeedError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'no code';
  return new SeedError(
    'FOLDER_UNUSABLE',
    `the data folder ${dataDir} cannot be written (${code}): choose another with --data-dir or LIANQIAO_DATA_DIR`,
    { cause },
  );
}

/** The import cannot begin or go on. The message says why and the way out; it holds no value of the file. */
export class ImportError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImportError';
  }
}

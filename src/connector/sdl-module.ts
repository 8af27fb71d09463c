/** One SDL file, and the agency that owns the fields which it declares. */
export interface SdlModule {
  readonly agency: string;
  /** As shown in messages, from the repository's root. */
  readonly file: string;
  readonly sdl: string;
}

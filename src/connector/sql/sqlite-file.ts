import { sourceSettings, type SourceSettings } from '../settings/source-settings.ts';

/** The settings of a source that nothing else is said of: `AGENCY.db` in the data folder. A part lies in its agency's file. */
export function sqliteFile(source: string): SourceSettings {
  const [agency = source] = source.split('-');
  return sourceSettings.parse({ kind: 'sql', client: 'sqlite', file: `${agency}.db` });
}

import { keyLength, type ColumnTypes } from '../column-types.ts';

/**
 * How far imports are. `import_run_key` holds the keys that an unfinished run has met, and the row that each belongs to: a
 * Set of millions would not fit in memory.
 */
export function importTables({ key, text, time, whole, serial, end, lean }: ColumnTypes): readonly string[] {
  const { digest, sourceNo } = keyLength;
  return [
    `CREATE TABLE IF NOT EXISTS import_run (
  id ${serial}, file_sha256 ${key(digest)} NOT NULL, mapping_sha256 ${key(digest)} NOT NULL,
  last_row ${whole} NOT NULL DEFAULT 0, inserted ${whole} NOT NULL DEFAULT 0, updated ${whole} NOT NULL DEFAULT 0,
  unchanged ${whole} NOT NULL DEFAULT 0, rejects ${text} NOT NULL DEFAULT ('{}'),
  rejects_file ${text} NOT NULL, rejects_bytes ${whole} NOT NULL DEFAULT 0,
  scanned ${whole} NOT NULL DEFAULT 0, started_at ${time} NOT NULL, finished_at ${time},
  UNIQUE (file_sha256, mapping_sha256)
) ${end}`,
    `CREATE TABLE IF NOT EXISTS import_run_key (
  run_id ${whole} NOT NULL, source_no ${key(sourceNo)} NOT NULL, \`row\` ${whole} NOT NULL,
  PRIMARY KEY (run_id, source_no)
) ${lean}`,
  ];
}

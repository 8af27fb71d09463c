import { keyLength, type ColumnTypes } from '../column-types.ts';

/** Tables whose old rows may be taken out, and the time of theirs by which they are old. */
export const prunedTables = {
  ticket_event: 'at',
  due_warning: 'due_at',
  push_call: 'at',
  push_version: 'source_at',
} as const;
export type PrunedTable = keyof typeof prunedTables;

/**
 * How far each table was pruned: rows from before `before_at` may be taken out, and no others: the database refuses it.
 * `looked_at` and, of events, `looked_seq` are up to where that was done, `gone_seq` the greatest place of one that is gone.
 */
export function retentionTables({ client, key, time, whole, lean }: ColumnTypes): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS retention (
  name ${key(keyLength.code)} NOT NULL PRIMARY KEY, before_at ${time} NOT NULL, looked_at ${time} NOT NULL,
  looked_seq ${whole} NOT NULL, gone_seq ${whole} NOT NULL
) ${lean}`,
    ...Object.entries(prunedTables).flatMap(([table, column]) => {
      const kept = `OLD.${column} >= coalesce((SELECT before_at FROM retention WHERE name = '${table}'), '')`;
      const says = 'what was handed on is not taken out before its time';
      const refuse =
        client === 'sqlite'
          ? `WHEN ${kept} BEGIN SELECT RAISE(ABORT, '${says}'); END`
          : `FOR EACH ROW BEGIN IF ${kept} THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${says}'; END IF; END`;
      return [
        `DROP TRIGGER IF EXISTS ${table}_stays`,
        `CREATE TRIGGER ${table}_stays BEFORE DELETE ON ${table} ${refuse}`,
      ];
    }),
  ];
}

/** By which old rows are found. */
export const retentionIndexes = {
  due_warning_age: ['due_warning', 'due_at'],
  push_call_age: ['push_call', 'at'],
  push_version_age: ['push_version', 'source_at, ticket_no'],
} as const;

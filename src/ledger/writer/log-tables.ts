/**
 * The logs: one for each writer at a time, each a list of entries that is only added to. `openings` is the one column
 * that may change: what is erased of it leaves the entry's commitment behind.
 */
export const logTables = `
CREATE TABLE IF NOT EXISTS ledger_log (
  log_no INTEGER PRIMARY KEY, log_id TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL, frontier TEXT NOT NULL, last_at INTEGER NOT NULL, policy_version TEXT, key_id TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS ledger_entry (
  log_no INTEGER NOT NULL, seq INTEGER NOT NULL, bytes TEXT NOT NULL, hash BLOB NOT NULL, openings TEXT,
  PRIMARY KEY (log_no, seq)
) STRICT;
CREATE TABLE IF NOT EXISTS ledger_intent (
  log_no INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (log_no, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ledger_head (
  log_no INTEGER NOT NULL, size INTEGER NOT NULL, head TEXT NOT NULL, PRIMARY KEY (log_no, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ledger_cosignature (
  log_no INTEGER NOT NULL, size INTEGER NOT NULL, key_id TEXT NOT NULL,
  agency TEXT NOT NULL, at TEXT NOT NULL, signature TEXT NOT NULL, PRIMARY KEY (log_no, size, key_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ledger_key (
  log_no INTEGER NOT NULL, seq INTEGER NOT NULL,
  id TEXT NOT NULL, alg TEXT NOT NULL, public TEXT NOT NULL, since TEXT NOT NULL, PRIMARY KEY (log_no, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS ledger_entry_stays BEFORE UPDATE OF log_no, seq, bytes, hash ON ledger_entry
  BEGIN SELECT RAISE(ABORT, 'an entry of the ledger is never changed'); END;
CREATE TRIGGER IF NOT EXISTS ledger_entry_is_kept BEFORE DELETE ON ledger_entry
  BEGIN SELECT RAISE(ABORT, 'an entry of the ledger is never deleted'); END;
`;

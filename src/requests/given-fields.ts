import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { formatDateTime } from '../codes/date-time.ts';

const DAY_MS = 86_400_000;

/** A field of a record that somebody says it was given. */
export interface GivenField {
  readonly agency: string;
  /** This token's subject alone; null: anybody of the agency. */
  readonly by: { readonly issuer: string; readonly subject: string } | null;
  readonly type: string;
  readonly id: string;
  readonly field: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What the disclosure log says about who was given what. */
export interface GivenFields {
  /**
   * Whether an answer of the last days gave this field of this record, plainly or masked. Answers about reports (举报) do
   * not count: what is written about one must not leave its handling unit.
   */
  wasGiven(one: GivenField): Promise<boolean>;
  close(): void;
}

/** Reads the log of this file, which must be there; `windowDays` is how far it looks back. */
export function openGivenFields(file: string, windowDays: number): GivenFields {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  db.pragma('busy_timeout = 250');
  const find = db.prepare(`
    SELECT 1 FROM disclosure d
    WHERE d.agency = @agency AND d.at >= @from AND d.at < @before AND d.sealed = 0
      AND (@issuer IS NULL OR (d.issuer = @issuer AND d.subject = @subject))
      AND instr(d.records, @quoted) > 0
      AND EXISTS (
        SELECT 1 FROM json_each(d.records) r, json_each(r.value, '$.fields') f, json_each(r.value, '$.ids') i
        WHERE json_extract(r.value, '$.type') = @type AND f.value = @field AND i.value = @id)
    LIMIT 1`);
  return {
    async wasGiven({ agency, by, type, id, field, now }) {
      const about = {
        agency,
        type,
        id,
        issuer: by?.issuer ?? null,
        subject: by?.subject ?? null,
        field,
        // As the id stands in the JSON text: a cheap test before the list is taken apart.
        quoted: JSON.stringify(id),
      };
      for (let day = 0; day < windowDays; day++) {
        // An entry of this very second counts.
        const before = formatDateTime(now - day * DAY_MS + (day === 0 ? 1_000 : 0));
        const from = formatDateTime(now - (day + 1) * DAY_MS);
        if (find.get({ ...about, from, before }) !== undefined) return true;
        // A day at a time: a long log must not stop the process.
        await setImmediate();
      }
      return false;
    },
    close: () => db.close(),
  };
}

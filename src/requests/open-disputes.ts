import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { Disputes } from '../gate/disputes.ts';

const rows = z.array(z.object({ id: z.string(), field: z.string() }));

/** The disputes that stand in the book of requests: one indexed query for each batch. */
export function openDisputesOf(db: Database.Database): Disputes {
  const find = db.prepare(
    `SELECT record_id AS id, record_field AS field FROM request
     WHERE kind = 'CORRECTION' AND state = 'SUBMITTED' AND record_type = ?
       AND record_id IN (SELECT value FROM json_each(?))`,
  );
  return {
    openDisputes(type, ids) {
      const disputed = new Map<string, Set<string>>();
      if (ids.length === 0) return disputed;
      for (const { id, field } of rows.parse(find.all(type, JSON.stringify(ids)))) {
        const of = disputed.get(id);
        if (of === undefined) disputed.set(id, new Set([field]));
        else of.add(field);
      }
      return disputed;
    },
  };
}

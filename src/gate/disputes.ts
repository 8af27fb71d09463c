/** Knows which fields of records are disputed: a consumer reported an error (校核) and the owner has not settled it yet. */
export interface Disputes {
  /** The disputed fields of these records of `type`, by record id; a record without a dispute is left out. */
  openDisputes(type: string, ids: readonly string[]): ReadonlyMap<string, ReadonlySet<string>>;
}

/** A JSON service over HTTP, as data: what lies in it and how it is asked. */
export interface RestService {
  /** By record type. */
  readonly entities: Readonly<Record<string, RestEntity>>;
  /** A path that answers 200 when the service is well: what health asks. */
  readonly health: string;
  /**
   * Of a service that answers 200 whatever happens: the members that lead to its own code, and the codes that mean success.
   * Any other code is a failure; unsaid, it would pass for a list without rows.
   */
  readonly success?: { readonly at: readonly string[]; readonly is: readonly (string | number | boolean)[] };
}

/** How a service is asked for the rows of one record type, as data. */
export interface RestEntity {
  /** The call that lists rows. */
  readonly list: RestCall;
  /** By column: how rows are asked for by keys. A column that is not named is looked for among all rows. */
  readonly keys: Readonly<Record<string, RestKeys>>;
  /** Members that lead from the answer's root to the rows; empty where the answer is the list itself. */
  readonly rows: readonly string[];
  /** Columns that are no member of their own name: the members that lead to them, from the row. */
  readonly at?: Readonly<Record<string, readonly string[]>>;
  /** Whether the service leaves out what is null. Without it a column that is absent shows as unreadable, never as empty. */
  readonly omitsNulls?: boolean;
}

/** A call whose parameters are query parameters (GET) or members of a JSON body (POST), where a dot in a name leads into an object. */
export interface RestCall {
  readonly method: 'GET' | 'POST';
  /** Below the source's address: `/api/v1/incidents`. */
  readonly path: string;
  /** Parameters that are the same in every call. */
  readonly fixed?: Readonly<Record<string, string | number | boolean>>;
  /** The parameter that takes the names of columns, where the service can leave out the others. */
  readonly columns?: ListParameter;
  /** By column: the comparisons that the service makes, and their parameters. Others are made here. */
  readonly filters?: Readonly<Record<string, RestFilters>>;
  readonly paging: RestPaging;
  /** The parameter that takes an order, and what it takes for it, by `FIELD DIRECTION, …`. */
  readonly order?: { readonly name: string; readonly values: Readonly<Record<string, string>> };
}

export interface ListParameter {
  readonly name: string;
  /**
   * How a list stands in a query: one parameter with this between the values, or (left out) one for each value. A value
   * that holds the separator itself cannot be asked for: as a key it has no rows. A body holds an array.
   */
  readonly separator?: string;
}

export interface RestFilters {
  readonly in?: ListParameter;
  readonly prefix?: ListParameter;
  /** At or after this value. */
  readonly from?: string;
  /** Before this value. */
  readonly before?: string;
  /** At or before this value: where a page in descending order goes on. */
  readonly upTo?: string;
}

export type RestKeys =
  /** Many keys in one call of `list`, or of `call` where another one takes them. */
  | { readonly kind: 'batch'; readonly parameter: ListParameter; readonly most: number; readonly call?: RestCall }
  | RestSingleKey;

/**
 * One GET for each key, `{key}` in the path; so many side by side. A 404 means that there is no such row. The row or the rows
 * lie at `rows`; the column itself may be absent from them, since the path says it.
 */
export interface RestSingleKey {
  readonly kind: 'single';
  readonly path: string;
  readonly sideBySide: number;
  readonly rows: readonly string[];
  readonly columns?: ListParameter;
}

/** `most` rows a page, at most. */
export type RestPaging =
  | { readonly kind: 'none' }
  /** `first` is the first page's number. `total` leads to the number of all rows, in each answer: without it the end is an empty page, one call more. */
  | {
      readonly kind: 'page';
      readonly page: string;
      readonly size: string;
      readonly first: number;
      readonly most: number;
      readonly total?: readonly string[];
    }
  | {
      readonly kind: 'offset';
      readonly offset: string;
      readonly limit: string;
      readonly most: number;
      readonly total?: readonly string[];
    }
  /** The answer names the next page: a text at these members, absent, null or empty at the end. */
  | {
      readonly kind: 'cursor';
      readonly cursor: string;
      readonly limit: string;
      readonly next: readonly string[];
      readonly most: number;
    }
  /** The answer's header `Link` names the next page (RFC 8288); it must lie on the same service. GET only. */
  | { readonly kind: 'link'; readonly limit: string; readonly most: number };

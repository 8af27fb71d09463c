/** How a remote GraphQL service is asked for the rows of one record type, as data. */
export interface GraphqlEntity {
  /** The field of `Query` that lists rows. */
  readonly list: GraphqlList;
  /** By column: how rows are asked for by keys. A column that is not named is looked for among all rows. */
  readonly keys: Readonly<Record<string, GraphqlKeys>>;
  /** Columns that are no field of their own name: the fields that lead to them, from the row. */
  readonly at?: Readonly<Record<string, readonly string[]>>;
}

/** An argument with its type as the service's schema has it: `[String!]!`. */
export interface GraphqlArgument {
  readonly name: string;
  readonly type: string;
}

export interface GraphqlList {
  readonly field: string;
  /** Fields that lead from the list's field to the rows: `nodes`, or nothing where it is the list itself. */
  readonly rows: readonly string[];
  /** By column: the comparisons that the service makes, and their arguments. Others are made here. */
  readonly filters?: Readonly<Record<string, GraphqlFilters>>;
  readonly paging: GraphqlPaging;
  /** The argument that takes an order, and what it takes for it, by `FIELD DIRECTION, …`. */
  readonly order?: { readonly argument: GraphqlArgument; readonly values: Readonly<Record<string, string>> };
}

export interface GraphqlFilters {
  readonly in?: GraphqlArgument;
  readonly prefix?: GraphqlArgument;
  /** At or after this value. */
  readonly from?: GraphqlArgument;
  /** Before this value. */
  readonly before?: GraphqlArgument;
  /** At or before this value: where a page in descending order goes on. */
  readonly upTo?: GraphqlArgument;
}

export type GraphqlKeys =
  /** Many keys as one list argument of `list`, or of `through` where another list takes them. */
  | {
      readonly kind: 'list';
      readonly argument: GraphqlArgument;
      readonly most: number;
      readonly through?: GraphqlList;
    }
  /** A field that gives the row of one key, or null: asked for under one alias a key, so many in one document. */
  | { readonly kind: 'single'; readonly field: string; readonly argument: GraphqlArgument; readonly most: number };

/** `most` rows a page, at most: fewer may come. */
export type GraphqlPaging =
  | { readonly kind: 'none' }
  /** `total`: a field beside the first of `rows` with the number of all rows. Without it the end is an empty page, one call more. */
  | {
      readonly kind: 'offset';
      readonly offset: GraphqlArgument;
      readonly limit: GraphqlArgument;
      readonly most: number;
      readonly total?: string;
    }
  /** Relay's `first`, `after` and `pageInfo { hasNextPage endCursor }` beside the rows. */
  | { readonly kind: 'relay'; readonly most: number };

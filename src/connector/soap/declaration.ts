/** A SOAP service, as data. What its messages look like stands in its WSDL; what is asked of it stands here. */
export interface SoapService {
  /** The WSDL's file, from the project's root; the schemas that it imports lie beside it. */
  readonly wsdl: string;
  readonly soap12?: boolean;
  /** SOAP headers of every call: an element's name with its namespace, and its children. */
  readonly headers?: readonly { readonly element: Readonly<Record<string, unknown>>; readonly namespace: string }[];
  /** By record type. */
  readonly entities: Readonly<Record<string, SoapEntity>>;
}

export interface SoapEntity {
  /** The operation that lists rows. */
  readonly list: SoapCall;
  /** By column: the element of the request that takes keys, so many in one call. A column that is not named is looked for among all rows. */
  readonly keys: Readonly<
    Record<string, { readonly element: readonly string[]; readonly most: number; readonly call?: SoapCall }>
  >;
  /**
   * Columns that are no element of their own name: the elements (and, with `@`, the attribute) that lead to them, from the
   * row. `{namespace}name` is for one that has namesakes in other namespaces.
   */
  readonly at?: Readonly<Record<string, readonly string[]>>;
  /** Whether the service leaves out what is empty. Without it a column that is absent shows as unreadable; an element with `xsi:nil` is null either way. */
  readonly omitsNulls?: boolean;
}

export interface SoapCall {
  readonly operation: string;
  /** Elements that lead from the response to the rows; one row, several or none may stand there. `{namespace}name` as in `at`. */
  readonly rows: readonly string[];
  /** The element that takes the names of columns, where the service can leave out the others. */
  readonly columns?: readonly string[];
  /** By column: the comparisons that the service makes, and the elements that take them. Others are made here. */
  readonly filters?: Readonly<
    Record<
      string,
      {
        readonly in?: readonly string[];
        /** At or after this value. */
        readonly from?: readonly string[];
        /** Before this value. */
        readonly before?: readonly string[];
      }
    >
  >;
  readonly paging:
    | { readonly kind: 'none' }
    | {
        readonly kind: 'page';
        readonly page: readonly string[];
        readonly size: readonly string[];
        readonly first: number;
        /** Rows that a page is asked for, at most; the service may give fewer. */
        readonly most: number;
        /** Elements of the response that lead to the number of all rows. Without them the end is told by an empty page. */
        readonly total?: readonly string[];
      };
}

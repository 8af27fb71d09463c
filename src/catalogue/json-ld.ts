/** A node of a JSON-LD document. */
export type Node = Readonly<Record<string, unknown>>;

export function reference(iri: string): Node {
  return { '@id': iri };
}

/** The IRI of what a name stands for in this document. */
export type Iri = (name: string) => string;

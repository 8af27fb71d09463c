const language = (iri: string): unknown => ({ '@id': iri, '@container': '@language' });

/**
 * The JSON-LD context of the export, whole and in place: an intranet has nowhere to load one from. A term with the
 * container `@language` takes a text in each language; IRIs are written as `@id`.
 */
export const dcatContext = {
  '@version': 1.1,
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  dpv: 'https://w3id.org/dpv#',
  foaf: 'http://xmlns.com/foaf/0.1/',
  odrl: 'http://www.w3.org/ns/odrl/2/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  schema: 'http://schema.org/',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  'dct:title': language('http://purl.org/dc/terms/title'),
  'dct:description': language('http://purl.org/dc/terms/description'),
  'schema:name': language('http://schema.org/name'),
  'rdfs:label': language('http://www.w3.org/2000/01/rdf-schema#label'),
  'skos:prefLabel': language('http://www.w3.org/2004/02/skos/core#prefLabel'),
};

import type { Catalogue, CatalogueDataset, CatalogueItem } from './catalogue.ts';
import { dcatContext } from './dcat-context.ts';
import { categoryLabels, personalLabels } from './field-words.ts';
import { reference, type Iri, type Node } from './json-ld.ts';
import type { Label } from './label.ts';
import { odrlPolicies, odrlTerms, policyIri } from './odrl.ts';
import { printRecords } from './print.ts';
import { sourceFormats } from './source-format.ts';
import { updateFrequencies } from './update-frequency.ts';

const eu = 'http://publications.europa.eu/resource/authority';

/**
 * The catalogue after DCAT 3 (W3C Recommendation, 2024), as JSON-LD whose context is in the document. Data sets are
 * `dcat:Dataset`, given out by the one `dcat:DataService`, `/graphql`. DCAT has no words for fields and terms: fields are
 * `schema:variableMeasured` (schema.org), terms are `odrl:hasPolicy` (ODRL 2.2, as DCAT 3 recommends), personal data is
 * marked by DPV. `url` is the hub's address without a slash at its end. The order is that of the catalogue, and no time
 * stands in it: the version is that of the policies.
 */
export function catalogueDcat(catalogue: Catalogue, url: string): Node {
  const service = `${url}/graphql`;
  const iri: Iri = (name) => `${service}#${name}`;
  const { policyVersion, datasets } = catalogue;
  const ids = datasets.map((d) => reference(iri(`dataset/${d.id}`)));
  const agencies = [...new Set(datasets.map((d) => d.agency))];
  const root: Node = {
    '@id': iri('catalogue'),
    '@type': 'dcat:Catalog',
    'dct:title': { zh: '联桥共享数据目录', en: 'Lianqiao catalogue of shared data' },
    'dct:description': {
      zh: '各部门经联桥共享的数据集、数据项及其共享条件',
      en: 'What the agencies share through the hub: data sets, fields, and the terms of sharing',
    },
    'dct:publisher': reference(iri('hub')),
    'dct:language': [reference(`${eu}/language/ZHO`), reference(`${eu}/language/ENG`)],
    'dct:conformsTo': reference('https://www.w3.org/TR/vocab-dcat-3/'),
    'dcat:version': policyVersion,
    'dcat:themeTaxonomy': ['categories', 'grades'].map((s) => reference(iri(s))),
    'dcat:service': reference(service),
    'dcat:dataset': ids,
  };
  const dataService: Node = {
    '@id': service,
    '@type': 'dcat:DataService',
    'dct:title': { zh: '联桥 GraphQL 接口', en: 'Lianqiao GraphQL endpoint' },
    'dct:publisher': reference(iri('hub')),
    'dct:conformsTo': reference('https://spec.graphql.org/October2021/'),
    'dct:accessRights': reference(`${eu}/access-right/RESTRICTED`),
    'dcat:endpointURL': reference(service),
    'dcat:servesDataset': ids,
  };
  return {
    '@context': dcatContext,
    '@graph': [
      root,
      dataService,
      agent(iri('hub'), 'lianqiao'),
      ...agencies.map((a) => agent(iri(`agency/${a}`), a)),
      ...concepts('categories', { zh: '共享类别', en: 'Sharing categories' }, categoryLabels, iri),
      ...concepts('grades', { zh: '数据分级', en: 'Grades of data' }, gradeLabels, iri),
      ...concepts('personal', { zh: '个人信息类别', en: 'Kinds of personal information' }, personalLabels, iri),
      ...odrlTerms(catalogue, iri),
      ...datasets.map((d) => datasetNode(d, service, iri)),
      ...odrlPolicies(catalogue, iri),
    ],
  };
}

/** GB/T 43697-2024. */
const gradeLabels: Readonly<Record<string, Label>> = {
  L1: { zh: '1 级', en: 'grade 1' },
  L2: { zh: '2 级', en: 'grade 2' },
  L3: { zh: '3 级', en: 'grade 3' },
  L4: { zh: '4 级', en: 'grade 4' },
};

function agent(id: string, code: string): Node {
  return { '@id': id, '@type': ['foaf:Agent', 'odrl:Party'], 'foaf:name': code, 'dct:identifier': code };
}

function concepts(scheme: string, label: Label, members: Readonly<Record<string, Label>>, iri: Iri): Node[] {
  return [
    { '@id': iri(scheme), '@type': 'skos:ConceptScheme', 'dct:title': label, 'skos:prefLabel': label },
    ...Object.entries(members).map(([code, name]) => ({
      '@id': iri(`${scheme}/${code}`),
      '@type': ['skos:Concept', ...(scheme === 'personal' ? [] : ['dct:RightsStatement'])],
      'skos:inScheme': reference(iri(scheme)),
      'skos:notation': code,
      'skos:prefLabel': name,
      ...(scheme === 'personal' ? { 'skos:broader': reference('https://w3id.org/dpv#PersonalData') } : {}),
    })),
  ];
}

function datasetNode(dataset: CatalogueDataset, service: string, iri: Iri): Node {
  const { id, agency, title, titleEn, updateFrequency, format, records, items } = dataset;
  const shared = items.some((i) => i.category !== 'NONE');
  const source = sourceFormats[format];
  return {
    '@id': iri(`dataset/${id}`),
    '@type': 'dcat:Dataset',
    'dct:identifier': id,
    'dct:title': titleEn === null ? { zh: title } : { zh: title, en: titleEn },
    'dct:description': {
      zh: `数据项: ${items.map((i) => i.name ?? i.field).join('、')}`,
      en: `Fields: ${items.map((i) => i.coordinate).join(', ')}`,
    },
    'dct:publisher': reference(iri(`agency/${agency}`)),
    'dct:accrualPeriodicity': reference(`${eu}/frequency/${updateFrequencies[updateFrequency].eu}`),
    'dct:accessRights': reference(`${eu}/access-right/${shared ? 'RESTRICTED' : 'NON_PUBLIC'}`),
    'dct:provenance': {
      '@type': 'dct:ProvenanceStatement',
      'rdfs:label': { zh: `来源格式: ${source.zh}`, en: `Kept by its provider as: ${source.en}` },
    },
    ...(records.length === 0
      ? {}
      : {
          'dct:rights': records.map((r) => ({
            '@type': 'dct:RightsStatement',
            'rdfs:label': { zh: `记录范围: ${printRecords(r)}`, en: `Records: ${printRecords(r)}` },
          })),
        }),
    'odrl:hasPolicy': policiesOf(items, iri),
    'dcat:distribution': {
      '@id': iri(`distribution/${id}`),
      '@type': 'dcat:Distribution',
      'dct:title': { zh: `${title} (GraphQL)`, ...(titleEn === null ? {} : { en: `${titleEn} (GraphQL)` }) },
      'dct:format': reference(`${eu}/file-type/JSON`),
      'dcat:mediaType': reference('https://www.iana.org/assignments/media-types/application/graphql-response+json'),
      'dcat:accessURL': reference(service),
      'dcat:accessService': reference(service),
    },
    'schema:variableMeasured': items.map((i) => itemNode(i, service, iri)),
  };
}

function itemNode(item: CatalogueItem, service: string, iri: Iri): Node {
  const { coordinate, field, name, description, valueType, format, category, grade, personal, sensitive, law } = item;
  return {
    '@id': iri(`field/${coordinate}`),
    '@type': ['schema:PropertyValue', 'odrl:Asset'],
    'schema:propertyID': coordinate,
    'schema:name': name === null ? { en: field } : { zh: name, en: field },
    ...(description === null ? {} : { 'schema:description': description }),
    'schema:valueReference': {
      '@type': 'schema:DefinedTerm',
      'schema:termCode': valueType,
      'schema:name': { zh: format },
      'schema:inDefinedTermSet': reference(service),
    },
    'dct:accessRights': [reference(iri(`categories/${category}`)), reference(iri(`grades/L${grade}`))],
    ...(law === null ? {} : { 'dpv:hasLegalBasis': { '@type': 'dpv:LegalBasis', 'rdfs:label': { zh: law } } }),
    ...(personal === null
      ? {}
      : {
          'dpv:hasPersonalData': [
            reference(iri(`personal/${personal}`)),
            ...(sensitive ? [reference('https://w3id.org/dpv#SensitivePersonalData')] : []),
          ],
        }),
    'odrl:hasPolicy': policiesOf([item], iri),
  };
}

function policiesOf(items: readonly CatalogueItem[], iri: Iri): Node[] {
  return [...new Set(items.flatMap((i) => i.conditions.map((c) => c.rule)))].map((rule) =>
    reference(policyIri(rule, iri)),
  );
}

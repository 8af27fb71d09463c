import { describe, expect, test } from 'vitest';
import { openCatalogue } from '../../src/catalogue/catalogue.ts';
import { catalogueDcat } from '../../src/catalogue/dcat.ts';
import { loadConfig } from '../../src/config/config.ts';
import { loadHouse } from '../../src/hub/house.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { contract, policies } from './small-catalogue.ts';

/* DCAT 3 as JSON-LD: what the specifications ask for, and that nothing in it points nowhere. */

type Node = Readonly<Record<string, unknown>>;

const house = contract();
const small = openCatalogue(house)(policies(house));
const hub = 'https://hub.example';
const iri = (name: string): Node => ({ '@id': `${hub}/graphql#${name}` });
const odrl = (name: string): Node => ({ '@id': `http://www.w3.org/ns/odrl/2/${name}` });
const document = catalogueDcat(small, hub);

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** All nodes, those within others too. */
function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  return isNode(value) ? [value, ...Object.values(value).flatMap(nodesOf)] : [];
}

function graphOf(of: Node): readonly Node[] {
  const graph = of['@graph'];
  if (!Array.isArray(graph)) throw new Error('the document has no @graph');
  return graph.filter(isNode);
}

function node(name: string): Node {
  const id = iri(name)['@id'];
  const found = nodesOf(document['@graph']).find((n) => n['@id'] === id && Object.keys(n).length > 1);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe('the export', () => {
  test('brings its whole context along', () => {
    const context = document['@context'];
    expect(isNode(context) && Object.values(context).every((v) => !Array.isArray(v))).toBe(true);
    expect(nodesOf(context).flatMap((n) => Object.keys(n).filter((k) => k === '@import'))).toEqual([]);
  });

  test('has one catalogue with the version of the policies, and one service', () => {
    expect(node('catalogue')).toEqual({
      ...iri('catalogue'),
      '@type': 'dcat:Catalog',
      'dct:title': { zh: '联桥共享数据目录', en: 'Lianqiao catalogue of shared data' },
      'dct:description': {
        zh: '各部门经联桥共享的数据集、数据项及其共享条件',
        en: 'What the agencies share through the hub: data sets, fields, and the terms of sharing',
      },
      'dct:publisher': iri('hub'),
      'dct:language': [
        { '@id': 'http://publications.europa.eu/resource/authority/language/ZHO' },
        { '@id': 'http://publications.europa.eu/resource/authority/language/ENG' },
      ],
      'dct:conformsTo': { '@id': 'https://www.w3.org/TR/vocab-dcat-3/' },
      'dcat:version': small.policyVersion,
      'dcat:themeTaxonomy': [iri('categories'), iri('grades')],
      'dcat:service': { '@id': `${hub}/graphql` },
      'dcat:dataset': [iri('dataset/fire/Inspection'), iri('dataset/water/Account')],
    });
    expect(graphOf(document).filter((n) => n['@type'] === 'dcat:DataService')).toEqual([
      {
        '@id': `${hub}/graphql`,
        '@type': 'dcat:DataService',
        'dct:title': { zh: '联桥 GraphQL 接口', en: 'Lianqiao GraphQL endpoint' },
        'dct:publisher': iri('hub'),
        'dct:conformsTo': { '@id': 'https://spec.graphql.org/October2021/' },
        'dct:accessRights': { '@id': 'http://publications.europa.eu/resource/authority/access-right/RESTRICTED' },
        'dcat:endpointURL': { '@id': `${hub}/graphql` },
        'dcat:servesDataset': [iri('dataset/fire/Inspection'), iri('dataset/water/Account')],
      },
    ]);
  });

  test('describes a data set by DCAT’s own words', () => {
    const { 'schema:variableMeasured': fields, ...dataSet } = node('dataset/fire/Inspection');
    expect(dataSet).toEqual({
      ...iri('dataset/fire/Inspection'),
      '@type': 'dcat:Dataset',
      'dct:identifier': 'fire/Inspection',
      'dct:title': { zh: '消防检查' },
      'dct:description': {
        zh: '数据项: 检查编号、消防检查、置信度',
        en: 'Fields: Inspection.inspectionNo, Account.inspections, InspectionMatch.confidence',
      },
      'dct:publisher': iri('agency/fire'),
      'dct:accrualPeriodicity': { '@id': 'http://publications.europa.eu/resource/authority/frequency/IRREG' },
      'dct:accessRights': { '@id': 'http://publications.europa.eu/resource/authority/access-right/RESTRICTED' },
      'dct:provenance': {
        '@type': 'dct:ProvenanceStatement',
        'rdfs:label': { zh: '来源格式: 电子表格', en: 'Kept by its provider as: spreadsheet' },
      },
      'odrl:hasPolicy': [iri('policy/fire/inspections')],
      'dcat:distribution': {
        ...iri('distribution/fire/Inspection'),
        '@type': 'dcat:Distribution',
        'dct:title': { zh: '消防检查 (GraphQL)' },
        'dct:format': { '@id': 'http://publications.europa.eu/resource/authority/file-type/JSON' },
        'dcat:mediaType': {
          '@id': 'https://www.iana.org/assignments/media-types/application/graphql-response+json',
        },
        'dcat:accessURL': { '@id': `${hub}/graphql` },
        'dcat:accessService': { '@id': `${hub}/graphql` },
      },
    });
    expect(fields).toHaveLength(3);
  });

  test('describes a field by schema.org, its sharing by categories and grades, personal data by DPV', () => {
    expect(node('field/Account.bank')).toEqual({
      ...iri('field/Account.bank'),
      '@type': ['schema:PropertyValue', 'odrl:Asset'],
      'schema:propertyID': 'Account.bank',
      'schema:name': { zh: '银行账号', en: 'bank' },
      'schema:description': '银行账号',
      'schema:valueReference': {
        '@type': 'schema:DefinedTerm',
        'schema:termCode': 'String',
        'schema:name': { zh: '文本' },
        'schema:inDefinedTermSet': { '@id': `${hub}/graphql` },
      },
      'dct:accessRights': [iri('categories/NONE'), iri('grades/L4')],
      'dpv:hasLegalBasis': { '@type': 'dpv:LegalBasis', 'rdfs:label': { zh: '个人信息保护法' } },
      'dpv:hasPersonalData': [iri('personal/OTHER'), { '@id': 'https://w3id.org/dpv#SensitivePersonalData' }],
      'odrl:hasPolicy': [],
    });
  });

  test('describes a grant by ODRL: to whom, for what, when, and under which mask', () => {
    expect(node('policy/water/names')).toEqual({
      ...iri('policy/water/names'),
      '@type': 'odrl:Set',
      'dct:identifier': 'water/names',
      'odrl:profile': iri('odrl'),
      'odrl:conflict': odrl('prohibit'),
      'dpv:hasLegalBasis': [{ '@type': 'dpv:LegalBasis', 'rdfs:label': { zh: '个人信息保护法' } }],
      'odrl:permission': [
        {
          '@type': 'odrl:Permission',
          'odrl:target': [iri('field/Account.name')],
          'odrl:assigner': iri('agency/water'),
          'odrl:assignee': [party('water', ['HANDLER']), party('*', ['HANDLER', 'GRID_WORKER'])],
          'odrl:action': {
            'rdf:value': odrl('use'),
            'odrl:refinement': constraint(iri('odrl/mask'), 'eq', 'name'),
          },
          'odrl:constraint': [
            constraint(odrl('purpose'), 'isAnyOf', [iri('purpose/HANDLING')]),
            constraint(iri('odrl/condition'), 'eq', 'exactMatch'),
            constraint(odrl('dateTime'), 'gteq', { '@type': 'xsd:dateTime', '@value': '2026-01-01T00:00:00+08:00' }),
            constraint(odrl('dateTime'), 'lteq', { '@type': 'xsd:dateTime', '@value': '2026-12-31T23:59:59+08:00' }),
          ],
        },
      ],
      'odrl:prohibition': [],
    });
    const all = ['no', 'name', 'state', 'readings'].map((f) => iri(`field/Account.${f}`));
    expect(node('policy/water/own')).toMatchObject({
      'odrl:permission': [
        { 'odrl:target': [...all, iri('field/AccountConnection.totalCount'), iri('field/Reading.value')] },
      ],
    });
    expect(node('policy/water/not-closed')).toMatchObject({
      'odrl:permission': [],
      'odrl:prohibition': [{ '@type': 'odrl:Prohibition', 'odrl:target': [iri('field/Account.name')] }],
    });
    expect(node('policy/water/numbers')).toMatchObject({ 'odrl:permission': [{ 'odrl:action': iri('odrl/count') }] });
  });
});

test('the export of the repository holds together: every prefix is known, every name of its own is explained, once', async () => {
  const shipped = await loadHouse(projectRoot, loadConfig({}).connectors);
  const catalogue = openCatalogue(shipped)(shipped);
  const whole = catalogueDcat(catalogue, hub);
  const nodes = nodesOf(whole['@graph']);
  const context = isNode(whole['@context']) ? whole['@context'] : {};

  const words = nodes.flatMap((n) => [...Object.keys(n), ...[n['@type'] ?? []].flat().map(String)]);
  const own = ['@id', '@type', '@value', 'zh', 'en'];
  const strange = words.filter((w) => !own.includes(w) && !Object.hasOwn(context, w.slice(0, w.indexOf(':'))));
  expect(strange).toEqual([]);

  const told = nodes.filter((n) => '@id' in n && Object.keys(n).length > 1).map((n) => n['@id']);
  expect(told).toHaveLength(new Set(told).size);
  const named = nodes.map((n) => n['@id']).filter((id) => typeof id === 'string' && id.startsWith(`${hub}/`));
  expect(new Set(named)).toEqual(new Set(told));

  // DCAT 3 with the properties that the EU's profile makes mandatory or recommends where the hub knows them.
  const every = (type: string, properties: readonly string[]): void => {
    const of = nodes.filter((n) => n['@type'] === type);
    expect(of.length).toBeGreaterThan(0);
    for (const one of of) expect(Object.keys(one)).toEqual(expect.arrayContaining([...properties]));
  };
  every('dcat:Catalog', ['dct:title', 'dct:description', 'dct:publisher', 'dcat:dataset', 'dcat:service']);
  every('dcat:Dataset', [
    'dct:title',
    'dct:description',
    'dct:publisher',
    'dct:accrualPeriodicity',
    'dct:accessRights',
    'dcat:distribution',
  ]);
  every('dcat:Distribution', ['dcat:accessURL', 'dcat:accessService', 'dcat:mediaType']);
  every('dcat:DataService', ['dct:title', 'dcat:endpointURL', 'dcat:servesDataset']);
  expect(nodes.filter((n) => n['@type'] === 'dcat:Dataset')).toHaveLength(catalogue.datasets.length);
  const parties = nodes.find((n) => n['@id'] === iri('dataset/police/InvolvedParty')['@id'] && '@type' in n);
  expect(parties?.['dct:accessRights']).toEqual({
    '@id': 'http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC',
  });
});

function constraint(leftOperand: Node, operator: string, rightOperand: unknown): Node {
  return {
    '@type': 'odrl:Constraint',
    'odrl:leftOperand': leftOperand,
    'odrl:operator': odrl(operator),
    'odrl:rightOperand': rightOperand,
  };
}

function party(agency: string, roles: readonly string[]): Node {
  return {
    '@type': 'odrl:PartyCollection',
    'odrl:source': iri(`agency/${agency}`),
    'odrl:refinement': constraint(iri('odrl/role'), 'isAnyOf', roles),
  };
}

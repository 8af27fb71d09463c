import type { Catalogue } from './catalogue.ts';
import type { SharingCondition } from './conditions.ts';
import { reference, type Iri, type Node } from './json-ld.ts';
import type { Label } from './label.ts';

const odrl = 'http://www.w3.org/ns/odrl/2/';

/** What ODRL's core vocabulary has no word for: the operands and actions of the profile that the policies name. */
const operands: Readonly<Record<string, Label>> = {
  role: { zh: '角色', en: 'role of the caller in its agency' },
  condition: { zh: '适用条件', en: 'condition of the sharing policy, in its own words' },
  mask: { zh: '脱敏方式', en: 'mask under which the value is given' },
};
const actions: Readonly<Record<string, Label>> = {
  match: { zh: '仅供比对', en: 'compare with a value that the caller names' },
  count: { zh: '仅供统计', en: 'count records' },
};

/** The nodes that the policies refer to: any agency, the purposes, and the profile's operands and actions. */
export function odrlTerms({ datasets }: Catalogue, iri: Iri): Node[] {
  const conditions = datasets.flatMap((d) => d.items.flatMap((i) => i.conditions));
  const purposes = [...new Set(conditions.flatMap((c) => c.purposes))].toSorted();
  const consumers = [...new Set(conditions.flatMap((c) => c.to.map((t) => t.agency)))].toSorted();
  const providers = new Set(datasets.map((d) => d.agency));
  return [
    ...consumers
      .filter((agency) => !providers.has(agency))
      .map((agency) => ({
        '@id': iri(`agency/${agency}`),
        '@type': ['foaf:Agent', 'odrl:Party'],
        'dct:identifier': agency,
        'foaf:name': agency === '*' ? '任何单位 any agency' : agency,
      })),
    ...purposes.map((p) => ({ '@id': iri(`purpose/${p}`), '@type': 'skos:Concept', 'skos:notation': p })),
    {
      '@id': iri('odrl'),
      '@type': 'skos:ConceptScheme',
      'skos:prefLabel': { zh: '联桥 ODRL 扩展', en: 'ODRL profile of Lianqiao' },
    },
    ...Object.entries(operands).map(([name, label]) => ({
      '@id': iri(`odrl/${name}`),
      '@type': ['odrl:LeftOperand', 'skos:Concept'],
      'skos:inScheme': reference(iri('odrl')),
      'skos:prefLabel': label,
    })),
    ...Object.entries(actions).map(([name, label]) => ({
      '@id': iri(`odrl/${name}`),
      '@type': ['odrl:Action', 'skos:Concept'],
      'skos:inScheme': reference(iri('odrl')),
      'odrl:includedIn': reference(`${odrl}use`),
      'skos:prefLabel': label,
    })),
  ];
}

/** The IRI of a grant. */
export function policyIri(rule: string, iri: Iri): string {
  return iri(`policy/${rule}`);
}

/**
 * The grants, an `odrl:Set` each, with a rule for each manner in which it gives fields. ODRL knows no order of rules;
 * where one line limits a later one, `odrl:prohibit` reads it so that less is allowed, never more.
 */
export function odrlPolicies({ datasets }: Catalogue, iri: Iri): Node[] {
  const grants = new Map<string, Map<string, { readonly of: SharingCondition; readonly targets: string[] }>>();
  for (const { coordinate, conditions } of datasets.flatMap((d) => d.items)) {
    for (const of of conditions) {
      const rules = grants.get(of.rule) ?? new Map<string, { of: SharingCondition; targets: string[] }>();
      grants.set(of.rule, rules);
      const key = `${of.manner} ${of.mask ?? ''}`;
      const rule = rules.get(key);
      if (rule === undefined) rules.set(key, { of, targets: [coordinate] });
      else rule.targets.push(coordinate);
    }
  }
  return [...grants].map(([rule, rules]) => {
    const all = [...rules.values()];
    const nodes = (denied: boolean): Node[] =>
      all.filter((r) => (r.of.manner === 'DENIED') === denied).map((r) => ruleNode(r.of, r.targets, iri));
    return {
      '@id': policyIri(rule, iri),
      '@type': 'odrl:Set',
      'dct:identifier': rule,
      'odrl:profile': reference(iri('odrl')),
      'odrl:conflict': reference(`${odrl}prohibit`),
      'dpv:hasLegalBasis': [...new Set(all.map((r) => r.of.law))].map((law) => ({
        '@type': 'dpv:LegalBasis',
        'rdfs:label': { zh: law },
      })),
      'odrl:permission': nodes(false),
      'odrl:prohibition': nodes(true),
    };
  });
}

function ruleNode(of: SharingCondition, targets: readonly string[], iri: Iri): Node {
  const agency = of.rule.slice(0, of.rule.indexOf('/'));
  return {
    '@type': of.manner === 'DENIED' ? 'odrl:Prohibition' : 'odrl:Permission',
    'odrl:target': targets.map((t) => reference(iri(`field/${t}`))),
    'odrl:assigner': reference(iri(`agency/${agency}`)),
    'odrl:assignee': of.to.map(({ agency: consumer, roles }) => ({
      '@type': 'odrl:PartyCollection',
      'odrl:source': reference(iri(`agency/${consumer}`)),
      'odrl:refinement': constraint(iri('odrl/role'), 'isAnyOf', roles),
    })),
    'odrl:action': action(of, iri),
    'odrl:constraint': [
      constraint(
        `${odrl}purpose`,
        'isAnyOf',
        of.purposes.map((p) => reference(iri(`purpose/${p}`))),
      ),
      ...(of.when === 'always' ? [] : [constraint(iri('odrl/condition'), 'eq', of.when)]),
      ...(of.from === null ? [] : [constraint(`${odrl}dateTime`, 'gteq', time(of.from, '00:00:00'))]),
      ...(of.until === null ? [] : [constraint(`${odrl}dateTime`, 'lteq', time(of.until, '23:59:59'))]),
    ],
  };
}

function action({ manner, mask }: SharingCondition, iri: Iri): Node {
  switch (manner) {
    case 'PLAIN':
    case 'DENIED':
      return reference(`${odrl}use`);
    case 'MASKED':
      return {
        'rdf:value': reference(`${odrl}use`),
        'odrl:refinement': constraint(iri('odrl/mask'), 'eq', mask),
      };
    case 'MATCH':
    case 'COUNT':
      return reference(iri(`odrl/${manner.toLowerCase()}`));
  }
}

function constraint(leftOperand: string, operator: 'eq' | 'isAnyOf' | 'gteq' | 'lteq', rightOperand: unknown): Node {
  return {
    '@type': 'odrl:Constraint',
    'odrl:leftOperand': reference(leftOperand),
    'odrl:operator': reference(`${odrl}${operator}`),
    'odrl:rightOperand': rightOperand,
  };
}

/** A policy's days are days in +08:00, both ends within. */
function time(day: string, at: string): Node {
  return { '@type': 'xsd:dateTime', '@value': `${day}T${at}+08:00` };
}

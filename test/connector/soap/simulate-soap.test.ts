import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import type { SoapEntity, SoapService } from '../../../src/connector/soap/declaration.ts';
import { soapDriver } from '../../../src/connector/soap/soap-driver.ts';
import { passesByForm } from '../check/passes-by-form.ts';

/* Each form that a declaration and a WSDL can have: the driver and the simulator of it pass the conformance kit. */

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'lianqiao-things-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Form {
  readonly qualified: boolean;
  readonly style: 'document' | 'rpc';
  readonly service: Omit<SoapService, 'wsdl' | 'entities'>;
  readonly entity: SoapEntity;
}

const list = {
  operation: 'List',
  rows: ['things', 'thing'],
  columns: ['columns', 'column'],
  filters: {
    STATE: { in: ['states', 'state'] },
    AT: { from: ['range', 'from'], before: ['range', 'before'] },
  },
  paging: { kind: 'none' },
} as const;
const keys = {
  NO: { element: ['numbers', 'number'], most: 40 },
  TICKET: { element: ['tickets', 'ticket'], most: 40 },
};
const paging = { kind: 'page', page: ['page', 'no'], size: ['page', 'size'], first: 0, most: 60 } as const;

const forms: Readonly<Record<string, Form>> = {
  'SOAP 1.2, pages with the number of all rows, columns in elements and attributes, nulls left out': {
    qualified: true,
    style: 'document',
    service: { soap12: true, headers: [{ element: { 'h:Caller': { 'h:system': 'hub' } }, namespace: 'urn:h' }] },
    entity: {
      list: { ...list, paging: { ...paging, total: ['page', 'total'] } },
      keys,
      at: { STATE: ['status', 'code'], NOTE: ['status', 'note'], PHONE: ['@phone'], SEEN: ['status', '@seen'] },
      omitsNulls: true,
    },
  },
  'SOAP 1.1, elements without a namespace and with another, pages to an empty one': {
    qualified: false,
    style: 'document',
    service: {},
    entity: { list: { ...list, paging }, keys, at: { NOTE: ['{urn:things:more}NOTE'] } },
  },
  'messages of style rpc, all columns, a call of its own for keys': {
    qualified: false,
    style: 'rpc',
    service: {},
    entity: {
      list: { operation: 'List', rows: ['return', 'thing'], paging },
      keys: {
        NO: {
          element: ['ids', 'id'],
          most: 7,
          call: { operation: 'Find', rows: ['return', 'thing'], paging: { kind: 'none' } },
        },
      },
    },
  },
};

const columns = ['NO', 'TICKET', 'AT', 'SEEN', 'STATE', 'OPEN', 'SIZE', 'SHARE', 'FEE', 'PHONE', 'NOTE'];

function wsdlOf({ qualified, style }: Form): string {
  const texts = (name: string, one: string): string =>
    `<xs:element name="${name}"><xs:complexType><xs:sequence><xs:element name="${one}" type="xs:string" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>`;
  const holder = (name: string, ...inside: string[]): string =>
    `<xs:element name="${name}"><xs:complexType><xs:sequence>${inside.map((one) => `<xs:element name="${one}" type="xs:string"/>`).join('')}</xs:sequence></xs:complexType></xs:element>`;
  const asked = `${texts('numbers', 'number')}${texts('tickets', 'ticket')}${texts('columns', 'column')}${texts('states', 'state')}${holder('range', 'from', 'before')}${holder('page', 'no', 'size')}`;
  const row = `<xs:complexType name="Thing"><xs:sequence>${columns.map((c) => `<xs:element name="${c}" type="xs:${c === 'SIZE' ? 'int' : 'string'}" nillable="true"/>`).join('')}${holder('status', 'code', 'note')}</xs:sequence></xs:complexType>`;
  const things = '<xs:sequence><xs:element name="thing" type="t:Thing" maxOccurs="unbounded"/></xs:sequence>';
  const part = (name: string, type: string): string => `<wsdl:part name="${name}" type="t:${type}"/>`;
  const messages =
    style === 'rpc'
      ? `<wsdl:message name="ListIn">${part('page', 'Page')}</wsdl:message><wsdl:message name="FindIn">${part('ids', 'Ids')}</wsdl:message><wsdl:message name="Out">${part('return', 'Things')}</wsdl:message>`
      : '<wsdl:message name="ListIn"><wsdl:part name="p" element="t:List"/></wsdl:message><wsdl:message name="Out"><wsdl:part name="p" element="t:ListResult"/></wsdl:message>';
  const operations = style === 'rpc' ? ['List', 'Find'] : ['List'];
  const body = `<soap:body use="literal"${style === 'rpc' ? ' namespace="urn:things"' : ''}/>`;
  return `<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:things" targetNamespace="urn:things">
    <wsdl:types><xs:schema targetNamespace="urn:things"${qualified ? ' elementFormDefault="qualified"' : ''}>${row}
      <xs:complexType name="Things">${things}</xs:complexType>
      <xs:complexType name="Page"><xs:sequence><xs:element name="no" type="xs:int"/><xs:element name="size" type="xs:int"/></xs:sequence></xs:complexType>
      <xs:complexType name="Ids"><xs:sequence><xs:element name="id" type="xs:string" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
      <xs:element name="List"><xs:complexType><xs:sequence>${asked}</xs:sequence></xs:complexType></xs:element>
      <xs:element name="ListResult"><xs:complexType><xs:sequence><xs:element name="things"><xs:complexType>${things}</xs:complexType></xs:element>${holder('page', 'total')}</xs:sequence></xs:complexType></xs:element>
    </xs:schema></wsdl:types>${messages}
    <wsdl:portType name="P">${operations.map((o) => `<wsdl:operation name="${o}"><wsdl:input message="t:${o}In"/><wsdl:output message="t:Out"/></wsdl:operation>`).join('')}</wsdl:portType>
    <wsdl:binding name="B" type="t:P"><soap:binding style="${style}" transport="http://schemas.xmlsoap.org/soap/http"/>${operations.map((o) => `<wsdl:operation name="${o}"><soap:operation soapAction="urn:things#${o}"/><wsdl:input>${body}</wsdl:input><wsdl:output>${body}</wsdl:output></wsdl:operation>`).join('')}</wsdl:binding>
    <wsdl:service name="S"><wsdl:port name="P" binding="t:B"><soap:address location="http://127.0.0.1/"/></wsdl:port></wsdl:service>
  </wsdl:definitions>`;
}

test.each(Object.entries(forms))(
  '%s',
  async (_, form) => {
    const wsdl = join(folder, `${form.style}-${form.qualified}.wsdl`);
    writeFileSync(wsdl, wsdlOf(form));
    const driver = soapDriver({ wsdl, ...form.service, entities: { Thing: form.entity } });
    await passesByForm(driver);
  },
  120_000,
);

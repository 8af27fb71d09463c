import type { Names } from './names.ts';

const columns = ['BH', 'GDBH', 'XZQHDM', 'FSSJ', 'ZT', 'NR', 'LXR', 'LXDH'];

/** The WSDL of a SOAP service: the real one takes its place, under the same name. */
export function wsdlFile({ agency, type }: Names): string {
  const namespace = `urn:${agency}:records`;
  const list = (name: string, one: string): string =>
    `          <xs:element name="${name}" minOccurs="0">
            <xs:complexType>
              <xs:sequence>
                <xs:element name="${one}" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
              </xs:sequence>
            </xs:complexType>
          </xs:element>`;
  const one = (name: string, kind: string): string =>
    `          <xs:element name="${name}" type="xs:${kind}" minOccurs="0"/>`;
  const members = columns
    .map((column) => `          <xs:element name="${column}" type="xs:string" minOccurs="0" nillable="true"/>`)
    .join('\n');
  return `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions
  xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xs="http://www.w3.org/2001/XMLSchema"
  xmlns:tns="${namespace}"
  targetNamespace="${namespace}">
  <wsdl:types>
    <xs:schema targetNamespace="${namespace}" elementFormDefault="qualified">
      <xs:complexType name="${type}">
        <xs:sequence>
${members}
        </xs:sequence>
      </xs:complexType>
      <xs:element name="Query${type}Request">
        <xs:complexType>
          <xs:sequence>
${[list('numbers', 'number'), list('tickets', 'ticket'), one('from', 'string'), one('before', 'string'), list('columns', 'column'), one('page', 'int'), one('size', 'int')].join('\n')}
          </xs:sequence>
        </xs:complexType>
      </xs:element>
      <xs:element name="Query${type}Response">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="items" minOccurs="0">
              <xs:complexType>
                <xs:sequence>
                  <xs:element name="item" type="tns:${type}" minOccurs="0" maxOccurs="unbounded"/>
                </xs:sequence>
              </xs:complexType>
            </xs:element>
          </xs:sequence>
        </xs:complexType>
      </xs:element>
    </xs:schema>
  </wsdl:types>
  <wsdl:message name="Query${type}Request">
    <wsdl:part name="parameters" element="tns:Query${type}Request"/>
  </wsdl:message>
  <wsdl:message name="Query${type}Response">
    <wsdl:part name="parameters" element="tns:Query${type}Response"/>
  </wsdl:message>
  <wsdl:portType name="RecordsPort">
    <wsdl:operation name="Query${type}">
      <wsdl:input message="tns:Query${type}Request"/>
      <wsdl:output message="tns:Query${type}Response"/>
    </wsdl:operation>
  </wsdl:portType>
  <wsdl:binding name="RecordsBinding" type="tns:RecordsPort">
    <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="Query${type}">
      <soap:operation soapAction="${namespace}#Query${type}" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
    </wsdl:operation>
  </wsdl:binding>
  <wsdl:service name="Records">
    <wsdl:port name="Records" binding="tns:RecordsBinding">
      <soap:address location="http://127.0.0.1:8080/records"/>
    </wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`;
}

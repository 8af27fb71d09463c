import type { WSDL } from 'soap';

type Definitions = WSDL['definitions'];
type Method = Definitions['bindings'][string]['methods'][string];

/** An operation as the WSDL has it. */
export interface Operation {
  readonly name: string;
  readonly service: string;
  readonly port: string;
  readonly request: MessageElement;
  readonly response: MessageElement;
  /** The types of what the response holds. */
  readonly type: SchemaType;
}

/** The one element of a message's body. */
export interface MessageElement {
  /** What it may be called. */
  readonly names: readonly string[];
  /** Null where any will do. */
  readonly namespace: string | null;
  /** Whether the namespace is that of the elements inside too. */
  readonly qualified: boolean;
}

/** A type as the soap package describes it: a name, or types by the names of elements, with `[]` where they may repeat. */
export type SchemaType = unknown;

/** The operations that a WSDL has over SOAP. One that gives no answer is none to ask rows of. */
export function operationsOf({ definitions }: WSDL): Operation[] {
  return Object.entries(definitions.services).flatMap(([service, { ports }]) =>
    Object.entries(ports).flatMap(([port, { binding }]) =>
      Object.entries(binding.methods).flatMap(([name, method]) =>
        isMissing(method.output) ? [] : [operation(name, service, port, method, definitions)],
      ),
    ),
  );
}

function operation(name: string, service: string, port: string, method: Method, definitions: Definitions): Operation {
  const { output: type } = method.description(definitions) as { output: SchemaType };
  const element = ({ $name = '', targetNamespace }: Part, called: string): MessageElement => {
    // Of style rpc the element is called for the operation (WS-I Basic Profile 1.1, R2729).
    if (method.style === 'rpc') return { names: [called, $name], namespace: null, qualified: false };
    const schema = targetNamespace === undefined ? undefined : definitions.schemas[targetNamespace];
    return {
      names: [$name],
      namespace: targetNamespace ?? null,
      qualified: schema?.$elementFormDefault === 'qualified',
    };
  };
  return {
    name,
    service,
    port,
    request: element(method.input, name),
    response: element(method.output, `${name}Response`),
    type,
  };
}

interface Part {
  readonly $name?: string;
  readonly targetNamespace?: string;
}

function isMissing(output: Method['output'] | null | undefined): boolean {
  return output === null || output === undefined;
}

/** The type of the element of this name inside, and whether it may repeat; null for `repeats` where it is not known. */
export function typeInside(type: SchemaType, name: string): { type: SchemaType; repeats: boolean | null } {
  if (typeof type !== 'object' || type === null) return { type: undefined, repeats: null };
  const members = type as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(members, `${name}[]`)) return { type: members[`${name}[]`], repeats: true };
  if (Object.hasOwn(members, name)) return { type: members[name], repeats: false };
  return { type: undefined, repeats: null };
}

const collapsing = new Set(
  (
    'boolean decimal float double byte short int long integer unsignedByte unsignedShort unsignedInt unsignedLong ' +
    'positiveInteger negativeInteger nonPositiveInteger nonNegativeInteger dateTime date time duration gYear ' +
    'gYearMonth gMonth gMonthDay gDay token language Name NCName NMTOKEN QName'
  ).split(' '),
);

/** Whether white space around values of this type is none of theirs (XML Schema part 2, 4.3.6). */
export function collapses(type: SchemaType): boolean {
  if (typeof type !== 'string') return false;
  // `xs:int`, `xs:token|a,b` for one of a list, `State|xs:int` for one with a name.
  const parts = type.split('|');
  const base = parts.find((part) => part.includes(':')) ?? parts[0] ?? '';
  return collapsing.has(base.slice(base.indexOf(':') + 1));
}

import { reconciliationAgency } from '../codes/agency.ts';

/** Words of JavaScript and TypeScript that nothing can be named (ECMA-262, 12.7.2, strict). */
const keywords =
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false ' +
  'finally for function if implements import in instanceof interface let new null package private protected public ' +
  'return static super switch this throw true try typeof undefined var void while with yield';

/** What the scaffold's own files import or declare. */
const ours =
  'codeTable column connector database defineConnector extract fileDriver graphqlDriver phone restDriver service ' +
  'soapDriver spacedDateTime sqlDriver states text';

/** What the generated records declare beside the types, and what of TypeScript they and the mapping use. */
const generated =
  'Exact Exclude Extract Incremental InputMaybe MakeEmpty MakeMaybe MakeOptional Mapping Maybe NonNullable Omit Partial ' +
  'Pick Readonly ReadonlyArray Record Required Scalars';

/** What every object has: looked up by such a name, it would be found where nothing was put. */
const inherited: readonly string[] = Object.getOwnPropertyNames(Object.prototype);

/** Whether an agency of this name would be taken for something else. `audit` is the hub's own log, `hub` the hub, and so on. */
export function isReservedAgency(name: string): boolean {
  return ['audit', 'hub', 'lianqiao', reconciliationAgency, ...inherited, ...keywords.split(' ')].includes(name);
}

/** Whether a record type of this name would hide a type of the language or of the generated code. */
export function isReservedType(name: string): boolean {
  return generated.split(' ').includes(name) || name in globalThis;
}

/** Whether nothing can be declared under this name in the scaffold's files. */
export function isReservedVariable(name: string): boolean {
  return [...keywords.split(' '), ...ours.split(' ')].includes(name);
}

/**
 * The federation directives that connectors' SDL uses, so that one module can be read on its own (Apollo Federation v2
 * names). The embedded hub drops them; an agency node gets them from its `@link`.
 */
export const federationDirectives = `
directive @key(fields: String!) repeatable on OBJECT | INTERFACE
directive @external on FIELD_DEFINITION | OBJECT
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
directive @shareable on FIELD_DEFINITION | OBJECT
`;

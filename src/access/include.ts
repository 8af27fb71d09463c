import { Kind, type SelectionNode } from 'graphql';

/** `@skip` and `@include` on the way to a field: any of the alternatives, each all of its tests; `true` is always. */
export type Include = true | readonly (readonly IncludeTest[])[];

interface IncludeTest {
  readonly variable: string;
  readonly is: boolean;
}

export type Variables = Readonly<Record<string, unknown>>;

/** Whether the field is in the answer for these variables. */
export function included(include: Include, variables: Variables): boolean {
  return include === true || include.some((tests) => tests.every((t) => variables[t.variable] === t.is));
}

/** The tests of one selection added to those of its surroundings; null where a literal rules it out. */
export function narrow(include: Include, selection: SelectionNode): Include | null {
  let tests: IncludeTest[] = [];
  for (const directive of selection.directives ?? []) {
    const name = directive.name.value;
    if (name !== 'skip' && name !== 'include') continue;
    const wanted = name === 'include';
    const value = directive.arguments?.find((a) => a.name.value === 'if')?.value;
    if (value?.kind === Kind.BOOLEAN && value.value !== wanted) return null;
    if (value?.kind === Kind.VARIABLE) tests = [...tests, { variable: value.name.value, is: wanted }];
  }
  if (tests.length === 0) return include;
  return include === true ? [tests] : include.map((alternative) => [...alternative, ...tests]);
}

/** Either of the two. */
export function either(a: Include, b: Include): Include {
  return a === true || b === true ? true : [...a, ...b];
}

import type {
  CaseDeclaration,
  RelationDeclaration,
  RootDeclaration,
  SortKey,
  StatisticsDeclaration,
} from '../../src/connector/connector.ts';
import type { PersonalKind, ShareCategory } from '../../src/access/facts.ts';
import type { MaskName } from '../../src/access/mask-name.ts';
import type { Purpose, Role } from '../../src/identity/principal.ts';

/*
 * A generated world as plain data: what the SDL, the policies' YAML and the databases are written from, and what the
 * reference evaluator reads. It is printed whole when a case fails.
 */

/** What a value is; decides scalar, coding, pool of values, masks and personal kind. */
export type ValueKind =
  | 'key'
  | 'text'
  | 'code'
  | 'flag'
  | 'number'
  | 'date'
  | 'time'
  | 'division'
  | 'grid'
  | 'agency'
  | 'agencies'
  | 'name'
  | 'phone'
  | 'idNumber'
  | 'address'
  | 'freeText'
  | 'other';

export interface FieldModel {
  readonly type: string;
  readonly name: string;
  /** The agency that declares it. */
  readonly owner: string;
  readonly category: ShareCategory;
  readonly personal: PersonalKind | null;
  readonly official: boolean;
  readonly hidden: boolean;
  readonly nonNull: boolean;
  readonly holds:
    | { readonly kind: 'value'; readonly of: ValueKind }
    | {
        readonly kind: 'relation';
        readonly declaration: RelationDeclaration;
        readonly sdl: string;
        /** Of a computed one: the type of the part, and what is asked of the record that it is computed from. */
        readonly computes?: { readonly type: string; readonly selects: readonly Selection[] };
      }
    | { readonly kind: 'parts'; readonly of: string }
    | { readonly kind: 'count' | 'matchedBy' | 'confidence' };
}

export interface TypeModel {
  readonly name: string;
  readonly owner: string;
  /** What it is: a record of a source, a part of one, a match wrapper, or a connection. */
  readonly role: 'record' | 'part' | 'wrapper' | 'connection';
  readonly key: string;
  readonly order: readonly SortKey[];
  readonly fields: readonly FieldModel[];
}

export interface SchemaModel {
  readonly agencies: readonly string[];
  readonly types: readonly TypeModel[];
  readonly roots: readonly (RootDeclaration & { readonly owner: string })[];
  readonly cases: readonly (CaseDeclaration & { readonly owner: string })[];
  readonly statistics: readonly StatisticsModel[];
}

/** A root that counts records; `by` names the enum of its dimensions. */
export type StatisticsModel = StatisticsDeclaration & { readonly owner: string; readonly by: string };

/** A value that its source holds in a form that cannot be read. */
export const unreadable = '\u0000unreadable';

export type Value = string | number | boolean | null | readonly string[] | readonly PartModel[];
export type PartModel = Readonly<Record<string, string | number | boolean | null>>;
export type RecordModel = Readonly<Record<string, Value>>;
export type Records = ReadonlyMap<string, readonly RecordModel[]>;

export interface ConsumerModel {
  readonly agency: string;
  readonly roles: readonly Role[];
}

/** A condition as the policy file writes it. */
export type ConditionModel = string | { readonly [name: string]: unknown };

export interface RowModel {
  readonly id: string;
  readonly of: readonly string[];
  readonly to: readonly (string | ConsumerModel)[];
  readonly purposes?: readonly Purpose[];
  readonly when: readonly ConditionModel[];
}

export interface GrantModel {
  readonly id: string;
  readonly to: readonly (string | ConsumerModel)[];
  readonly purposes: readonly Purpose[];
  readonly law: string;
  readonly from?: string;
  readonly until?: string;
  readonly when: readonly ConditionModel[];
  readonly plain: readonly string[];
  readonly verbatim: readonly string[];
  readonly mask: Readonly<Partial<Record<MaskName, readonly string[]>>>;
  readonly deny: readonly string[];
  /** Fields that may be compared with a value that the caller names. */
  readonly match: readonly string[];
  /** Fields by which records may be counted. */
  readonly count: readonly string[];
}

export interface PolicyModel {
  readonly policy: 1;
  readonly agency: string;
  /** A group may name others. */
  readonly consumers: Readonly<Record<string, readonly (string | ConsumerModel)[]>>;
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly rows: readonly RowModel[];
  readonly grants: readonly GrantModel[];
  readonly joins: readonly { readonly reads: string; readonly for: string; readonly law: string }[];
}

export interface CallerModel {
  readonly agency: string;
  readonly role: Role;
  readonly purpose: Purpose;
  readonly unit: string | null;
  readonly areas: readonly string[];
  readonly grids: readonly string[];
  /** `Lianqiao-Ticket` */
  readonly ticket: string | null;
}

export interface WorldModel {
  readonly schema: SchemaModel;
  readonly policies: readonly PolicyModel[];
  readonly records: Records;
}

/** `@include` or `@skip` with a variable. */
export interface Switch {
  readonly directive: 'include' | 'skip';
  readonly variable: 'yes' | 'no';
}

export type Selection =
  | {
      readonly kind: 'field';
      readonly name: string;
      /** Response key. */
      readonly key: string;
      readonly args: Readonly<Record<string, ArgumentValue>>;
      readonly when: Switch | null;
      readonly sub: readonly Selection[];
    }
  | {
      readonly kind: 'fragment';
      readonly on: string;
      /** Written as a fragment of its own and spread, rather than inline. */
      readonly named: boolean;
      readonly when: Switch | null;
      readonly sub: readonly Selection[];
    };

/** An argument: a value, an enum value, an input object, or the cursor after the record at this place of the list. */
export type ArgumentValue =
  | { readonly kind: 'value'; readonly value: string | number | readonly string[] }
  | { readonly kind: 'enum'; readonly value: string }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, ArgumentValue>> }
  | { readonly kind: 'afterPlace'; readonly place: number };

export interface QueryModel {
  readonly roots: readonly Extract<Selection, { kind: 'field' }>[];
}

/** What is counted by in every world: few enough that small counts and larger ones occur side by side. */
export const counting = { smallestCell: 3, settlingDays: 7 } as const;

/** The clock of every world. */
export const now = Date.parse('2026-11-23T09:30:00+08:00');

export function typeOf(schema: SchemaModel, name: string): TypeModel {
  const type = schema.types.find((t) => t.name === name);
  if (type === undefined) throw new TypeError(`the world has no type ${name}`);
  return type;
}

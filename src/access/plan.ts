import type { FieldNode, GraphQLField, OperationDefinitionNode } from 'graphql';
import type { RelationDeclaration, RootDeclaration, SortKey, StatisticsDeclaration } from '../connector/connector.ts';
import type { Condition } from './condition.ts';
import type { Include } from './include.ts';
import type { AccessClass, FieldRule, Outcome } from './policy.ts';

/** What the policy says of one field for one access class. */
export type Decision =
  | { readonly kind: 'deny' }
  | { readonly kind: 'give'; readonly outcome: Exclude<Outcome, { kind: 'deny' }>; readonly rule: string }
  /** All guards must hold, then the first rule whose condition holds decides; none: denied. */
  | { readonly kind: 'depends'; readonly guards: readonly Condition[]; readonly rules: readonly FieldRule[] };

/** A field that holds a value. Aliases of one field share its plan: the verdict belongs to the coordinate. */
export interface LeafPlan {
  readonly field: string;
  readonly coordinate: string;
  /** The agency that declares the field: whom to ask for it. */
  readonly owner: string;
  readonly pathPattern: string;
  readonly nonNull: boolean;
  readonly decision: Decision;
  readonly include: Include;
  /** It may name the ticket's reporter, so the secrecy that the reporter asked for goes along. */
  readonly ofReporter: 'person' | 'text' | null;
  /** For free text: the fields of the record whose names and addresses are redacted from it. */
  readonly redacts: { readonly names: readonly string[]; readonly addresses: readonly string[] };
}

/** A field that holds records. */
export interface RelationPlan {
  readonly responseKey: string;
  readonly field: string;
  readonly coordinate: string;
  /** The agency that declares the field: whom to ask for it. */
  readonly owner: string;
  readonly pathPattern: string;
  readonly decision: Decision;
  readonly include: Include;
  readonly declaration: RelationDeclaration;
  readonly call: FieldCall;
  readonly target: TargetPlan;
}

/** A field's arguments, to be evaluated with the variables. */
export interface FieldCall {
  readonly node: FieldNode;
  readonly definition: GraphQLField<unknown, unknown>;
}

/** What a relation or root leads to. */
export type TargetPlan =
  | { readonly kind: 'object'; readonly plan: ObjectPlan }
  /** A match wrapper; the record itself is the wrapper's embedded relation. The first of `nodes` asks for nothing. */
  | {
      readonly kind: 'wrapper';
      readonly wrapper: ObjectPlan;
      readonly nodes: readonly ObjectPlan[];
      readonly node: string;
      /** What is read of the records for all of `nodes`. */
      readonly record: RecordPlan;
    }
  | { readonly kind: 'connection'; readonly connection: ConnectionPlan }
  /** A part that is computed from what the class would be given of `source`. */
  | { readonly kind: 'computed'; readonly source: ObjectPlan; readonly result: ObjectPlan };

/** The selections of a Relay connection. Under a union each record type has its own plan. */
export interface ConnectionPlan {
  readonly type: string;
  /** A plan for each record type that asks for nothing: its rows and order hold even where only the count is asked. */
  readonly base: ReadonlyMap<string, ObjectPlan>;
  readonly nodes: readonly ConnectionSlot[];
  readonly edges: readonly {
    readonly responseKey: string;
    readonly include: Include;
    readonly nodes: readonly ConnectionSlot[];
  }[];
  readonly pageInfo: readonly { readonly responseKey: string; readonly include: Include }[];
  readonly totalCount: LeafPlan | null;
}

export interface ConnectionSlot {
  readonly responseKey: string;
  readonly include: Include;
  readonly plans: ReadonlyMap<string, ObjectPlan>;
}

/** One object selection: what is read for it, what of that shows, and what stays behind the gate. */
export interface ObjectPlan {
  readonly type: string;
  /** The agency whose source holds the records. */
  readonly owner: string;
  /** The field that names a record in the ledger; null for wrappers and parts of records. */
  readonly key: string | null;
  readonly pathPattern: string;
  /** Which records the class may know of; null: none. Wrappers and parts of records carry `true`. */
  readonly rows: Condition | null | true;
  /** How lists of these records are sorted. */
  readonly order: readonly SortKey[];
  readonly leaves: readonly LeafPlan[];
  readonly relations: readonly RelationPlan[];
  /** Response keys under which `access` is asked for. */
  readonly access: readonly { readonly responseKey: string; readonly include: Include }[];
  /** Everything that is read from the source. */
  readonly reads: readonly string[];
  /** The same for a record that a fuzzy match found: nothing personal, unless a condition or join reads it. */
  readonly fuzzyReads: readonly string[];
  /** What is read for other ends than showing it, and why. */
  readonly behind: ReadonlyMap<string, readonly string[]>;
}

/** What is asked of the source for records that are looked for. */
export type RecordPlan = Pick<ObjectPlan, 'type' | 'key' | 'rows' | 'order' | 'reads' | 'fuzzyReads'>;

export type RootPlan =
  | {
      readonly kind: 'records';
      readonly responseKey: string;
      readonly field: string;
      readonly include: Include;
      readonly call: FieldCall;
      readonly declaration: RootDeclaration;
      readonly target: TargetPlan;
      /** What the class may do with the fields that arguments filter and sort by. */
      readonly usable: ReadonlyMap<string, Decision>;
      /** On which records it may compare such a field for equality although it may not see it. */
      readonly comparable: ReadonlyMap<string, Decision>;
      /** Fields of the ticket of `Lianqiao-Ticket` that joins and the conditions below read. */
      readonly ticketReads: ReadonlyMap<string, readonly string[]>;
      /** Which tickets the class may know of. */
      readonly ticketRows: Condition | null;
      /** For a direct lookup: the ticket's relations that can lead to the record. */
      readonly ticketRelations: readonly TicketRelation[];
    }
  | {
      readonly kind: 'cases';
      readonly responseKey: string;
      readonly field: string;
      readonly include: Include;
      readonly call: FieldCall;
      readonly target: TargetPlan;
      /** The same for each case type's own fields, by coordinate. */
      readonly usable: ReadonlyMap<string, Decision>;
    }
  /** Counts of records; no record. */
  | {
      readonly kind: 'statistics';
      readonly responseKey: string;
      readonly field: string;
      readonly include: Include;
      readonly call: FieldCall;
      readonly declaration: StatisticsDeclaration;
      /** The agency whose records are counted. */
      readonly owner: string;
      /** Which records the class may count; null: none. */
      readonly rows: Condition | null;
      /** On which of them it may count by each field of the dimensions. */
      readonly countable: ReadonlyMap<string, Decision>;
      /** What is read for other ends than counting by it, and why. */
      readonly behind: ReadonlyMap<string, readonly string[]>;
    }
  /** Answered by the hub itself, from policy and catalogue. */
  | {
      readonly kind: 'open';
      readonly responseKey: string;
      readonly field: string;
      readonly include: Include;
      readonly call: FieldCall;
    };

export interface TicketRelation {
  readonly declaration: RelationDeclaration;
  readonly coordinate: string;
  readonly decision: Decision;
}

/** Document × operation × access class: what will be asked of which source, and what of it may show. */
export interface AccessPlan {
  readonly of: AccessClass;
  readonly policyVersion: string;
  readonly operation: OperationDefinitionNode;
  readonly roots: readonly RootPlan[];
}

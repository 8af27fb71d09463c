import type { Label } from '../shared/label.ts';
import type { CodeList } from './codes.ts';

/** How a value is written. `ticketNo` leads to that ticket. */
export type Format =
  'text' | 'ticketNo' | 'path' | 'time' | 'date' | 'money' | 'yesNo' | 'percent' | 'duration' | CodeList;

/** One field with a value, or a list of values. */
export interface ValueNode {
  readonly kind: 'value';
  readonly field: string;
  readonly label: Label;
  readonly format: Format;
}

/** A field that leads to one record, or to none. */
export interface RecordNode {
  readonly kind: 'record';
  readonly field: string;
  readonly label: Label;
  readonly nodes: readonly ShapeNode[];
}

/** A field that leads to several records. It stands last among its record's nodes: nothing but its rows is below its headings. */
export interface ListNode {
  readonly kind: 'list';
  readonly field: string;
  /** Of one record. */
  readonly label: Label;
  /** The ways from a record to what tells it from the others, so that all callers' answers line up. */
  readonly keys: readonly (readonly string[])[];
  /** `rows`: a row a field. `entries`: a row a record, as a step of a timeline. */
  readonly layout: 'rows' | 'entries';
  /** Of a step: the fields that name it in the timeline, as whoever may see them sees them. */
  readonly headline: readonly string[];
  readonly nodes: readonly ShapeNode[];
}

export type ShapeNode = ValueNode | RecordNode | ListNode;

export interface SectionShape {
  readonly id: string;
  readonly label: Label;
  /** Of `Ticket`. */
  readonly nodes: readonly ShapeNode[];
}

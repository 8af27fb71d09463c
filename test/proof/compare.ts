import type { ExecutionResult } from 'graphql';
import type { HubAnswer } from '../../src/hub/engine.ts';
import type { CursorMark, ReferenceAnswer } from './reference-answer.ts';

/** How the hub's answer differs from the reference's, place by place; empty where they are the same. */
export function differences(answer: HubAnswer, expected: ReferenceAnswer): string[] {
  if (answer.kind === 'refused') return [`the hub refused: ${answer.errors.map((e) => e.message).join('; ')}`];
  const cursors = new Cursors();
  const inData = compare(answer.result.data, expected.data, 'data', cursors);
  return [...inData, ...cursors.mixedUp, ...compareNotes(notesOf(answer.result), expected.notes)];
}

function compare(got: unknown, wanted: unknown, path: string, cursors: Cursors): string[] {
  if (isMark(wanted)) return cursors.note(got, wanted, path);
  if (Array.isArray(wanted)) {
    if (!Array.isArray(got) || got.length !== wanted.length)
      return [`${path}: ${text(got)}, should be ${text(wanted)}`];
    const sort = path.endsWith('access') || /\.access_/.test(path);
    const [a, b] = sort ? [got.map(text).toSorted(), wanted.map(text).toSorted()] : [got, wanted];
    return b.flatMap((one: unknown, i) => compare(a[i], one, `${path}.${i}`, cursors));
  }
  if (isObject(wanted)) {
    if (!isObject(got)) return [`${path}: ${text(got)}, should be ${text(wanted)}`];
    const keys = [...new Set([...Object.keys(got), ...Object.keys(wanted)])];
    return keys.flatMap((key) => compare(got[key], wanted[key], `${path}.${key}`, cursors));
  }
  return Object.is(got ?? null, wanted ?? null) && (got === undefined) === (wanted === undefined)
    ? []
    : [`${path}: ${text(got)}, should be ${text(wanted)}`];
}

/** Cursors are sealed: all that can be said of them is that equal places have equal ones, and others others. */
class Cursors {
  readonly mixedUp: string[] = [];
  readonly #byMark = new Map<string, string>();
  readonly #byCursor = new Map<string, string>();

  note(got: unknown, { cursorIn, key }: CursorMark, path: string): string[] {
    if (typeof got !== 'string' || got === '') return [`${path}: ${text(got)}, should be a cursor`];
    const mark = `${cursorIn} ${key}`;
    const [cursor, place] = [this.#byMark.get(mark) ?? got, this.#byCursor.get(got) ?? mark];
    if (cursor !== got || place !== mark) this.mixedUp.push(`${path}: one place has two cursors, or two have one`);
    this.#byMark.set(mark, got);
    this.#byCursor.set(got, mark);
    return [];
  }
}

/** Errors and `extensions.access` in the reference's words. */
function notesOf(result: ExecutionResult): Set<string> {
  const notes = new Set<string>();
  for (const { extensions, path } of result.errors ?? []) {
    const { code, coordinate, argument } = extensions;
    const ofNode = code === 'FIELD_DENIED' || code === 'SOURCE_UNAVAILABLE';
    // A refused root names itself, or the argument that it refuses.
    if (ofNode && argument === undefined && !String(coordinate).startsWith('Query.')) {
      notes.add(`${code === 'FIELD_DENIED' ? 'DENIED' : 'UNAVAILABLE'} ${String(coordinate)}`);
    } else notes.add(`${String(code)} @${(path ?? []).join('.')}`);
  }
  const { access } = (result.extensions ?? {}) as { readonly access?: AccessExtension };
  for (const { coordinate } of access?.denied ?? []) notes.add(`DENIED ${coordinate}`);
  for (const { coordinate } of access?.unavailable ?? []) notes.add(`UNAVAILABLE ${coordinate}`);
  for (const { coordinate, mask, rule } of access?.masked ?? []) notes.add(`MASKED ${coordinate} ${mask} ${rule}`);
  return notes;
}

interface AccessExtension {
  readonly masked: readonly { readonly coordinate: string; readonly mask: string; readonly rule: string }[];
  readonly denied: readonly { readonly coordinate: string }[];
  readonly unavailable: readonly { readonly coordinate: string }[];
}

function compareNotes(got: ReadonlySet<string>, wanted: ReadonlySet<string>): string[] {
  return [
    ...[...got].filter((n) => !wanted.has(n)).map((n) => `said without need: ${n}`),
    ...[...wanted].filter((n) => !got.has(n)).map((n) => `not said: ${n}`),
  ];
}

function isMark(value: unknown): value is CursorMark {
  return isObject(value) && typeof value['cursorIn'] === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}

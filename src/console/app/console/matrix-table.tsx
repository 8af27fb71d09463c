import { Fragment, use, type ReactNode } from 'react';
import type { Caller } from '../shared/caller.ts';
import { label } from '../shared/label.ts';
import { LanguageContext, useWords } from '../shared/language.ts';
import { CellView } from './cell-view.tsx';
import { formatValue } from './format-value.ts';
import { differs, type EntryRow, type Row, type Section } from './matrix.ts';

const fieldLabel = label('字段', 'Field');
const caption = label('各使用者得到的字段与状态', 'What each caller is given, field by field');
const nothing = label('没有可显示的字段', 'No field to show');

export interface Column {
  readonly caller: Caller;
  /** The caller's place among the cells of a row. */
  readonly place: number;
  readonly head: ReactNode;
}

interface MatrixTableProps {
  readonly sections: readonly Section[];
  readonly columns: readonly Column[];
  readonly onlyDifferent: boolean;
  readonly rules: boolean;
}

/** The fields down, the callers across, a row group a section. */
export function MatrixTable({ sections, columns, onlyDifferent, rules }: MatrixTableProps) {
  const words = useWords();
  return (
    <table className="matrix">
      <caption className="visually-hidden">{words(caption)}</caption>
      <thead>
        <tr>
          <th scope="col" className="matrix-corner">
            {words(fieldLabel)}
          </th>
          {columns.map(({ caller, head }) => (
            <th key={caller.id} scope="col" data-caller={caller.id}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      {sections.map((section) => {
        const rows = onlyDifferent ? withDifference(section.rows) : section.rows;
        return (
          <tbody key={section.id} id={`section-${section.id}`} data-section={section.id}>
            <tr className="matrix-section">
              <th scope="rowgroup" colSpan={columns.length + 1}>
                <h2>{words(section.label)}</h2>
              </th>
            </tr>
            {rows.length === 0 ? (
              <tr>
                <td colSpan={columns.length + 1} className="unlisted">
                  {words(nothing)}
                </td>
              </tr>
            ) : (
              rows.map((row) => <RowView key={row.id} row={row} columns={columns} rules={rules} />)
            )}
          </tbody>
        );
      })}
    </table>
  );
}

/** The rows that differ, with the headings that still have some below them. */
function withDifference(rows: readonly Row[]): readonly Row[] {
  const kept = rows.filter(
    (row) => row.kind === 'heading' || (row.kind === 'entry' ? row.fields.some(differs) : differs(row)),
  );
  return kept.filter((row, place) => row.kind !== 'heading' || hasBelow(kept, place, row.depth));
}

function hasBelow(rows: readonly Row[], place: number, depth: number): boolean {
  const next = rows.slice(place + 1).find((row) => row.kind !== 'heading' || row.depth <= depth);
  return next !== undefined && next.kind !== 'heading';
}

interface RowViewProps {
  readonly row: Row;
  readonly columns: readonly Column[];
  readonly rules: boolean;
}

function RowView({ row, columns, rules }: RowViewProps) {
  const words = useWords();
  const language = use(LanguageContext);
  switch (row.kind) {
    case 'heading':
      return (
        <tr className="matrix-record" data-depth={row.depth}>
          <th scope="rowgroup" colSpan={columns.length + 1}>
            {words(row.label)} <code>{row.title}</code>
          </th>
        </tr>
      );
    case 'field':
      return (
        <tr data-row={row.id} className={differs(row) ? 'differs' : undefined}>
          <th scope="row">{words(row.label)}</th>
          {columns.map(({ caller, place }) => (
            <td key={caller.id} data-caller={caller.id}>
              <CellView cell={row.cells[place] ?? { kind: 'none' }} node={row.node} rules={rules} />
            </td>
          ))}
        </tr>
      );
    case 'entry':
      return (
        <tr data-row={row.id} className="matrix-entry">
          <th scope="row">
            <span className="step">
              {words(row.label)} {row.place}
              {row.headline.map(({ node, value }) => (
                <span key={node.field}>{formatValue(value, node.format, language)}</span>
              ))}
            </span>
          </th>
          {columns.map(({ caller, place }) => (
            <td key={caller.id} data-caller={caller.id}>
              <EntryView row={row} place={place} rules={rules} />
            </td>
          ))}
        </tr>
      );
  }
}

/** One caller's fields of one step. A step that the caller was not given says so once. */
function EntryView({ row, place, rules }: { readonly row: EntryRow; readonly place: number; readonly rules: boolean }) {
  const words = useWords();
  const cells = row.fields.map((field) => ({ field, cell: field.cells[place] ?? ({ kind: 'none' } as const) }));
  const [first] = cells;
  const whole = first !== undefined && cells.every(({ cell }) => cell === first.cell);
  if (whole) return <CellView cell={first.cell} node={null} rules={rules} />;
  return (
    <dl className="entry">
      {cells.map(({ field, cell }) => (
        <Fragment key={field.id}>
          <dt>{words(field.label)}</dt>
          <dd>
            <CellView cell={cell} node={field.node} rules={rules} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

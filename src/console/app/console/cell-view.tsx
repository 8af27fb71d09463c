import { use } from 'react';
import { label } from '../shared/label.ts';
import { LanguageContext, useWords } from '../shared/language.ts';
import { formatValue } from './format-value.ts';
import type { Cell } from './matrix.ts';
import type { ValueNode } from './shape.ts';
import { StatusTag } from './status-tag.tsx';
import { TicketLink } from './ticket-link.tsx';

const unlisted = label('未列出', 'Not listed');
const ruleLabel = label('依据', 'By');

interface CellViewProps {
  readonly cell: Cell;
  readonly node: ValueNode | null;
  /** Whether the grant that gave the value is named under it. */
  readonly rules: boolean;
}

/** One caller's value of one field, with what became of it. */
export function CellView({ cell, node, rules }: CellViewProps) {
  const words = useWords();
  const language = use(LanguageContext);
  switch (cell.kind) {
    case 'none':
      return null;
    case 'unlisted':
      return <span className="unlisted">{words(unlisted)}</span>;
    case 'field': {
      const text = node === null ? '' : formatValue(cell.value, node.format, language);
      return (
        <div className="cell">
          {text === '' ? null : (
            <span className="cell-value">
              <ValueView value={cell.value} text={text} node={node} plain={cell.status === 'ALLOWED'} />
            </span>
          )}
          <StatusTag status={cell.status} />
          {rules && cell.rule !== null ? (
            <span className="cell-rule">
              {words(ruleLabel)} {cell.rule}
            </span>
          ) : null}
        </div>
      );
    }
  }
}

interface ValueViewProps {
  readonly value: unknown;
  readonly text: string;
  readonly node: ValueNode | null;
  /** Whether the value was given as it is. */
  readonly plain: boolean;
}

function ValueView({ value, text, node, plain }: ValueViewProps) {
  if (typeof value !== 'string') return text;
  if (node?.format === 'time') return <time dateTime={value}>{text}</time>;
  return node?.format === 'ticketNo' && plain ? <TicketLink ticketNo={value} /> : text;
}

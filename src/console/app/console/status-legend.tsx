import { label } from '../shared/label.ts';
import { useWords } from '../shared/language.ts';
import { fieldStatuses } from './matrix.ts';
import { StatusTag } from './status-tag.tsx';

const legend = label('状态', 'Statuses');
const unlisted = label(
  '“未列出”：此使用者得到的记录中没有这一条',
  '“Not listed”: not among the records that this caller is given',
);

/** The five statuses, as the table marks them. */
export function StatusLegend() {
  const words = useWords();
  return (
    <ul className="legend" aria-label={words(legend)}>
      {fieldStatuses.map((status) => (
        <li key={status}>
          <StatusTag status={status} />
        </li>
      ))}
      <li className="unlisted">{words(unlisted)}</li>
    </ul>
  );
}

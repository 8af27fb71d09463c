import { label } from '../shared/label.ts';
import { useWords } from '../shared/language.ts';
import { fieldStatuses } from './matrix.ts';
import { StatusTag } from './status-tag.tsx';

const legend = label('状态', 'Statuses');

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
    </ul>
  );
}

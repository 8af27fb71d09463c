import { Alert, Switch, Tabs } from 'antd';
import { useMemo, useState } from 'react';
import type { Caller } from '../shared/caller.ts';
import { label } from '../shared/label.ts';
import { useWords } from '../shared/language.ts';
import { problemLabel } from '../shared/problems.ts';
import type { DemoState } from '../shared/use-demo.ts';
import { useNarrow } from '../shared/use-narrow.ts';
import { CallerForm } from './caller-form.tsx';
import { CallerHead } from './caller-head.tsx';
import { countStatuses } from './count-statuses.ts';
import { matrix } from './matrix.ts';
import { MatrixTable, type Column } from './matrix-table.tsx';
import { SectionNav } from './section-nav.tsx';
import { StatusLegend } from './status-legend.tsx';
import { TicketSearch } from './ticket-search.tsx';
import { useTold } from './use-told.ts';

const text = {
  title: label('同一工单，四种视角', 'One ticket, four views'),
  about: label(
    '五个部门的数据按工单联接；每位使用者只得到数据提供单位同意共享的字段。时间均为北京时间（UTC+08:00）。',
    'Five agencies’ data, joined by the ticket; each caller gets only the fields that their owners agreed to share. Times are in UTC+08:00.',
  ),
  different: label('只看有差异的字段', 'Only fields that differ'),
  rules: label('显示授权依据', 'Show the grants'),
  callers: label('使用者', 'Callers'),
  loading: label('正在查询…', 'Asking the hub…'),
  loaded: label('查询完成', 'Done'),
  results: label('查询结果', 'Results'),
};

const most = 4;
const nobody: readonly Caller[] = [];

interface FourViewsProps {
  readonly demo: DemoState;
  /** Fetches the demo's callers anew, and so asks for the ticket again. */
  readonly onRefresh: () => void;
}

/** The ticket's number, and the matrix of what each caller is given of it. */
export function FourViews({ demo, onRefresh }: FourViewsProps) {
  const words = useWords();
  const narrow = useNarrow();
  const [chosen, setChosen] = useState(() => new URLSearchParams(location.search).get('ticket') ?? '');
  const [added, setAdded] = useState<readonly Caller[]>([]);
  const [onlyDifferent, setOnlyDifferent] = useState(false);
  const [rules, setRules] = useState(false);
  const [shown, setShown] = useState('');

  const callers = demo.kind === 'demo' ? demo.demo.callers : demo.kind === 'none' ? added : nobody;
  const ticketNo = chosen !== '' ? chosen : demo.kind === 'demo' ? demo.demo.ticketNo : '';
  const { told, sections: shapes } = useTold(callers, ticketNo);
  const sections = useMemo(
    () =>
      matrix(
        shapes,
        callers.map((_, place) => ticketOf(told[place])),
      ),
    [shapes, callers, told],
  );
  const answered = told.filter((t) => t.kind === 'ticket').length;
  const busy = demo.kind === 'loading' || (ticketNo !== '' && told.some((t) => t.kind === 'waiting'));

  const search = (next: string): void => {
    setChosen(next);
    history.replaceState(null, '', `?ticket=${encodeURIComponent(next)}`);
    if (demo.kind === 'demo' || demo.kind === 'unreachable') onRefresh();
    else setAdded((before) => [...before]);
  };

  const columns = callers.map((caller, place): Column => {
    const remove =
      demo.kind === 'none' ? () => setAdded((before) => before.filter((c) => c.id !== caller.id)) : undefined;
    const counts = countStatuses(sections, place);
    const head = (
      <CallerHead caller={caller} told={told[place] ?? { kind: 'waiting' }} counts={counts} onRemove={remove} />
    );
    return { caller, place, head };
  });
  const table = (visible: readonly Column[]) => (
    <MatrixTable
      sections={answered === 0 ? [] : sections}
      columns={visible}
      onlyDifferent={onlyDifferent}
      rules={rules}
    />
  );

  return (
    <main id="main" className="views" tabIndex={-1} aria-busy={busy}>
      <div className="views-top">
        <div className="views-title">
          <h1>{words(text.title)}</h1>
          <p>{words(text.about)}</p>
        </div>
        <TicketSearch key={ticketNo} ticketNo={ticketNo} busy={busy} onSearch={search} />
      </div>
      <p className="visually-hidden" role="status" aria-live="polite">
        {busy ? words(text.loading) : callers.length > 0 ? `${words(text.loaded)} ${answered} / ${callers.length}` : ''}
      </p>
      {demo.kind === 'unreachable' ? <Alert type="error" showIcon title={words(problemLabel('NETWORK'))} /> : null}
      {demo.kind === 'none' && added.length < most ? (
        <CallerForm count={added.length} onAdd={(caller) => setAdded((before) => [...before, caller])} />
      ) : null}
      {callers.length === 0 ? null : (
        <section aria-label={words(text.results)}>
          <div className="views-tools">
            <StatusLegend />
            <label className="views-switch">
              <Switch size="small" checked={onlyDifferent} onChange={setOnlyDifferent} /> {words(text.different)}
            </label>
            <label className="views-switch">
              <Switch size="small" checked={rules} onChange={setRules} /> {words(text.rules)}
            </label>
          </div>
          {answered === 0 ? null : <SectionNav sections={sections} />}
          {narrow ? (
            <Tabs
              activeKey={columns.some((c) => c.caller.id === shown) ? shown : (columns[0]?.caller.id ?? '')}
              onChange={setShown}
              destroyOnHidden
              aria-label={words(text.callers)}
              items={columns.map((column) => ({
                key: column.caller.id,
                label: words(column.caller.label),
                children: table([column]),
              }))}
            />
          ) : (
            table(columns)
          )}
        </section>
      )}
    </main>
  );
}

function ticketOf(told: ReturnType<typeof useTold>['told'][number] | undefined) {
  return told?.kind === 'ticket' ? told.ticket : null;
}

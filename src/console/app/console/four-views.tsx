import { Alert, Switch, Tabs } from 'antd';
import { useState } from 'react';
import type { Caller } from '../shared/caller.ts';
import { label } from '../shared/label.ts';
import { useWords } from '../shared/language.ts';
import { problemLabel } from '../shared/problems.ts';
import { useNarrow } from '../shared/use-narrow.ts';
import { CallerForm } from './caller-form.tsx';
import { CallerHead } from './caller-head.tsx';
import { countStatuses } from './count-statuses.ts';
import { matrix } from './matrix.ts';
import { MatrixTable, type Column } from './matrix-table.tsx';
import { SectionNav } from './section-nav.tsx';
import { StatusLegend } from './status-legend.tsx';
import { addressOf, OpenTicketContext } from './ticket-link.tsx';
import { TicketSearch } from './ticket-search.tsx';
import { useViews } from './use-views.ts';

const text = {
  title: label('同一工单，四种视角', 'One ticket, four views'),
  about: label(
    '五个部门的数据按工单联接；每位使用者只得到数据提供单位同意共享的字段。时间均为北京时间（UTC+08:00）。',
    'Five agencies’ data, joined by the ticket; each caller gets only the fields that their owners agreed to share. Times are in UTC+08:00.',
  ),
  different: label('只看有差异的字段（左侧橙线）', 'Only fields that differ (orange bar)'),
  rules: label('显示授权依据', 'Show the grants'),
  callers: label('使用者', 'Callers'),
  loading: label('正在查询…', 'Asking the hub…'),
  loaded: label('查询完成', 'Done'),
  results: label('查询结果', 'Results'),
};

const most = 4;

/** The ticket's number, and the matrix of what each caller is given of it. */
export function FourViews() {
  const words = useWords();
  const narrow = useNarrow();
  const [views, search] = useViews(ticketOfAddress);
  const [own, setOwn] = useState<readonly Caller[]>([]);
  const [onlyDifferent, setOnlyDifferent] = useState(false);
  const [rules, setRules] = useState(false);
  const [shown, setShown] = useState('');

  const { demo, told, ticketNo } = views;
  const callers = demo.kind === 'demo' ? demo.demo.callers : own;
  const answers = callers.map((caller) => told[views.callers.findIndex((c) => c.id === caller.id)] ?? null);
  const sections = matrix(
    views.sections,
    answers.map((answer) => (answer?.kind === 'ticket' ? answer.ticket : null)),
  );
  const answered = answers.filter((answer) => answer?.kind === 'ticket').length;
  const busy = demo.kind === 'loading' || told.some((answer) => answer.kind === 'waiting');

  const searchFor = (next: string): void => {
    history.replaceState(null, '', addressOf(next));
    search(next, own);
  };
  const openTicket = (next: string): void => {
    searchFor(next);
    // The link that was followed is gone with its ticket.
    document.getElementById('main')?.focus();
    scrollTo({ top: 0 });
  };

  const columns = callers.map((caller, place): Column => {
    const remove = demo.kind === 'demo' ? undefined : () => setOwn((all) => all.filter((c) => c.id !== caller.id));
    const counts = countStatuses(sections, place);
    const head = <CallerHead caller={caller} told={answers[place] ?? null} counts={counts} onRemove={remove} />;
    return { caller, place, head };
  });
  const table = (visible: readonly Column[]) => (
    <OpenTicketContext value={openTicket}>
      <MatrixTable
        sections={answered === 0 ? [] : sections}
        columns={visible}
        onlyDifferent={onlyDifferent}
        rules={rules}
      />
    </OpenTicketContext>
  );

  return (
    <main id="main" className="views" tabIndex={-1} aria-busy={busy}>
      <div className="views-top">
        <div className="views-title">
          <h1>{words(text.title)}</h1>
          <p>{words(text.about)}</p>
        </div>
        <TicketSearch key={ticketNo} ticketNo={ticketNo} busy={busy} onSearch={searchFor} />
      </div>
      <p className="visually-hidden" role="status" aria-live="polite">
        {busy ? words(text.loading) : callers.length > 0 ? `${words(text.loaded)} ${answered} / ${callers.length}` : ''}
      </p>
      {demo.kind === 'unreachable' ? <Alert type="error" showIcon title={words(problemLabel('NETWORK'))} /> : null}
      {demo.kind === 'none' && own.length < most ? (
        <CallerForm count={own.length} onAdd={(caller) => setOwn((all) => [...all, caller])} />
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

/** What `addressOf` wrote. */
const ticketOfAddress = new URLSearchParams(location.search).get('ticket') ?? '';

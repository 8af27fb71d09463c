import { label } from '../shared/label.ts';
import { PageFrame } from '../shared/page-frame.tsx';
import { FourViews } from './four-views.tsx';
import './console.css';

const title = label('联桥 · 同一工单，四种视角', 'Lianqiao · One ticket, four views');

/** `/console`: one ticket as several callers are allowed to see it. */
export function ConsolePage() {
  return (
    <PageFrame page="/console" title={title}>
      <FourViews />
    </PageFrame>
  );
}

import { label } from '../shared/label.ts';
import { PageFrame } from '../shared/page-frame.tsx';
import { useDemo } from '../shared/use-demo.ts';
import { Explorer } from './explorer.tsx';

const title = label('联桥 · 查询台', 'Lianqiao · Explorer');

/** `/explorer`: GraphiQL, asking as a caller of the reader's choice. */
export function ExplorerPage() {
  const [demo, refresh] = useDemo();
  return (
    <PageFrame page="/explorer" title={title}>
      <Explorer demo={demo} onExpired={refresh} />
    </PageFrame>
  );
}

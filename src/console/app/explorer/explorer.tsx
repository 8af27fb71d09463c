import { GraphiQL } from 'graphiql';
// Not `graphiql/style.css`, which carries the editor's style a second time, and 300 kB of fonts.
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/react/style.css';
import 'graphiql/graphiql.css';
import 'graphiql/setup-workers/vite';
import { useMemo, useRef, useState, type ComponentProps } from 'react';
import { label } from '../shared/label.ts';
import { useWords } from '../shared/language.ts';
import { postGraphql, type Errand, type Posted } from '../shared/post-graphql.ts';
import { problemLabel } from '../shared/problems.ts';
import type { DemoState } from '../shared/demo.ts';
import { ErrandForm, own, type ErrandDraft } from './errand-form.tsx';
import { examples } from './examples.ts';
import { memoryStorage } from './memory-storage.ts';
import { operationIn } from './operation-in.ts';
import { useSchema, type SchemaState } from './use-schema.ts';
import './explorer.css';

type Fetcher = ComponentProps<typeof GraphiQL>['fetcher'];

const text = {
  title: label('查询台', 'Explorer'),
  paste: label('请粘贴令牌，以便查询与读取文档。', 'Paste a token to run queries and to read the docs.'),
  docs: label('数据结构文档已载入。', 'The schema’s docs are loaded.'),
  loading: label('正在读取数据结构…', 'Reading the schema…'),
};

/** Every city's own hotline numbers its tickets; this one is the demo's. */
const sampleTicketNo = '12345:2026110500000001';

interface ExplorerProps {
  readonly demo: DemoState;
  /** Fetches the demo's callers anew, when their tokens have expired. */
  readonly onExpired: () => Promise<DemoState>;
}

/** GraphiQL under a line that says who asks. */
export function Explorer({ demo, onExpired }: ExplorerProps) {
  const words = useWords();
  const callers = demo.kind === 'demo' ? demo.demo.callers : [];
  const [edited, setEdited] = useState<ErrandDraft | null>(null);
  const draft = edited ?? firstDraft(demo);
  const caller = callers.find((c) => c.id === draft.as);
  const token = caller?.token ?? draft.ownToken;
  const schema = useSchema(demo.kind === 'loading' ? '' : token);

  // GraphiQL keeps the fetcher that it was given first; what it sends is read when it sends.
  const errand = useRef<Errand>({ token, purpose: draft.purpose });
  errand.current = { token, purpose: draft.purpose, ticketNo: draft.ticketNo, reason: draft.reason };
  const renew = useRef<() => Promise<string | null>>(async () => null);
  renew.current = async () => {
    const next = caller === undefined ? null : await onExpired();
    return next?.kind === 'demo' ? (next.demo.callers.find((c) => c.id === caller?.id)?.token ?? null) : null;
  };
  const fetcher = useMemo((): Fetcher => async (params) => ask(errand.current, params, () => renew.current()), []);
  const storage = useMemo(memoryStorage, []);

  if (demo.kind === 'loading') return <main id="main" tabIndex={-1} className="explorer" aria-busy="true" />;
  const tabs = examples(demo.kind === 'demo' ? demo.demo.ticketNo : sampleTicketNo);
  return (
    <main id="main" tabIndex={-1} className="explorer">
      <h1 className="visually-hidden">{words(text.title)}</h1>
      <ErrandForm callers={callers} draft={draft} onChange={setEdited} />
      <p className="explorer-note" role="status" aria-live="polite">
        {words(noteOf(schema))}
      </p>
      <div className="explorer-graphiql">
        <GraphiQL
          fetcher={fetcher}
          schema={schema.kind === 'schema' ? schema.schema : null}
          defaultTabs={tabs}
          // The first tab's own variables are not shown otherwise.
          initialVariables={tabs[0].variables}
          defaultEditorToolsVisibility="variables"
          isHeadersEditorEnabled={false}
          forcedTheme="light"
          plugins={noPlugins}
          storage={storage}
        />
      </div>
    </main>
  );
}

/** The history plugin would keep what was asked; see `memoryStorage`. */
const noPlugins: [] = [];

function firstDraft(demo: DemoState): ErrandDraft {
  const first = demo.kind === 'demo' ? demo.demo.callers[0] : undefined;
  return { as: first?.id ?? own, ownToken: '', purpose: first?.purpose ?? 'HANDLING', ticketNo: '', reason: '' };
}

type Params = Parameters<Fetcher>[0];

/** Asks once more where a demo token has expired: a reload would lose what was typed. */
async function ask(errand: Errand, params: Params, renew: () => Promise<string | null>): Promise<Body> {
  const question = {
    query: params.query,
    variables: { ...(params.variables as Body | undefined) },
    operationName: operationIn(params.query, params.operationName ?? null),
  };
  const posted = await postGraphql(errand, question);
  const token = posted.kind === 'answer' && posted.codes.includes('UNAUTHENTICATED') ? await renew() : null;
  return bodyOf(token === null ? posted : await postGraphql({ ...errand, token }, question));
}

type Body = Record<string, unknown>;

function bodyOf(posted: Posted): Body {
  if (posted.kind === 'answer') return { ...posted.body };
  const { zh, en } = problemLabel(posted.code);
  return { errors: [{ message: `${zh} ${en}`, extensions: { code: posted.code } }] };
}

function noteOf(schema: SchemaState) {
  switch (schema.kind) {
    case 'loading':
      return text.loading;
    case 'schema':
      return text.docs;
    case 'none':
      return schema.code === '' ? text.paste : problemLabel(schema.code);
  }
}

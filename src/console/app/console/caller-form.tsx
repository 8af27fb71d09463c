import { Button, Input } from 'antd';
import { useState, type FormEvent } from 'react';
import type { Caller } from '../shared/caller.ts';
import { label } from '../shared/label.ts';
import { useWords } from '../shared/language.ts';
import { PurposeSelect } from '../shared/purpose-select.tsx';
import { TokenField } from '../shared/token-field.tsx';

const text = {
  title: label('添加一种视角', 'Add a view'),
  about: label(
    '此联桥不提供演示令牌。请粘贴由签发单位发放的令牌，并选择使用目的；最多并列四种视角。',
    'This hub gives no demo tokens. Paste a token from your issuer and choose a purpose; up to four views stand side by side.',
  ),
  name: label('名称', 'Name'),
  token: label('令牌', 'Token'),
  purpose: label('使用目的', 'Purpose'),
  add: label('添加', 'Add'),
};

interface CallerFormProps {
  /** How many views there are already: it numbers the next one. */
  readonly count: number;
  readonly onAdd: (caller: Caller) => void;
}

/** Where there is no demo: a token and a purpose make a view. */
export function CallerForm({ count, onAdd }: CallerFormProps) {
  const words = useWords();
  const [name, setName] = useState('');
  const [token, setToken] = useState('');
  const [purpose, setPurpose] = useState('HANDLING');

  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (token === '') return;
    const shown = name.trim();
    const label = shown === '' ? { zh: `视角 ${count + 1}`, en: `View ${count + 1}` } : { zh: shown, en: shown };
    onAdd({ id: crypto.randomUUID(), label, purpose, token });
    setName('');
    setToken('');
  };

  return (
    <form className="caller-form" onSubmit={add} aria-labelledby="caller-form-title">
      <h2 id="caller-form-title">{words(text.title)}</h2>
      <p>{words(text.about)}</p>
      <div className="caller-form-fields">
        <label htmlFor="caller-token">
          {words(text.token)}
          <TokenField id="caller-token" value={token} onChange={setToken} />
        </label>
        <label htmlFor="caller-purpose">
          {words(text.purpose)}
          <PurposeSelect id="caller-purpose" value={purpose} onChange={setPurpose} />
        </label>
        <label htmlFor="caller-name">
          {words(text.name)}
          <Input id="caller-name" value={name} maxLength={20} onChange={(event) => setName(event.target.value)} />
        </label>
        <Button type="primary" htmlType="submit" disabled={token === ''}>
          {words(text.add)}
        </Button>
      </div>
    </form>
  );
}

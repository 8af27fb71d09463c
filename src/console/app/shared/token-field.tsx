import { Input } from 'antd';
import { label } from './label.ts';
import { useWords } from './language.ts';

const show = label('粘贴 JWT 令牌；只留在本页内存中', 'Paste a JWT; it stays in this page’s memory only');

interface TokenFieldProps {
  readonly id: string;
  readonly value: string;
  readonly onChange: (token: string) => void;
}

/** A field for a token: hidden like a password, and kept out of the browser's memory of forms. */
export function TokenField({ id, value, onChange }: TokenFieldProps) {
  const words = useWords();
  return (
    <Input.Password
      id={id}
      value={value}
      autoComplete="off"
      spellCheck={false}
      placeholder={words(show)}
      onChange={(event) => onChange(event.target.value.trim())}
    />
  );
}

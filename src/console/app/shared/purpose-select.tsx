import { Select } from 'antd';
import { purposes } from './caller.ts';
import { useWords } from './language.ts';

interface PurposeSelectProps {
  readonly id: string;
  readonly value: string;
  readonly onChange: (purpose: string) => void;
}

/** 使用目的, in words and as the header has it. */
export function PurposeSelect({ id, value, onChange }: PurposeSelectProps) {
  const words = useWords();
  const options = Object.entries(purposes).map(([purpose, label]) => ({
    value: purpose,
    label: `${words(label)} ${purpose}`,
  }));
  return <Select id={id} value={value} options={options} onChange={onChange} popupMatchSelectWidth={false} />;
}

import { label, type Label, type Language } from '../shared/label.ts';
import { codeLabel } from './codes.ts';
import type { Format } from './shape.ts';

const yes = label('是', 'Yes');
const no = label('否', 'No');

/** China has one time zone and no summer time, so every time is shown in it, wherever the reader's machine stands. */
const shanghai = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** A value as its reader writes it. What does not have the form of its format, a masked value for one, stays as it is. */
export function formatValue(value: unknown, format: Format, language: Language): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) {
    const between = format === 'path' ? ' › ' : language === 'zh' ? '、' : ', ';
    return value.map((member: unknown) => formatValue(member, format, language)).join(between);
  }
  switch (format) {
    case 'text':
    case 'ticketNo':
    case 'path':
    case 'date':
      return textOf(value);
    case 'time':
      return formatTime(textOf(value));
    case 'money':
      return formatMoney(textOf(value));
    case 'yesNo':
      return typeof value === 'boolean' ? (value ? yes : no)[language] : textOf(value);
    case 'percent':
      return typeof value === 'number' ? `${Math.round(value * 100)}%` : textOf(value);
    case 'duration':
      return typeof value === 'number' ? formatDuration(value)[language] : textOf(value);
    default:
      return codeLabel(format, textOf(value))[language];
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function formatTime(text: string): string {
  const at = Date.parse(text);
  return Number.isNaN(at) ? text : shanghai.format(at);
}

/** Decimal text stays decimal text: only the thousands are set apart. */
function formatMoney(text: string): string {
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) return text;
  const [whole = '', cents] = text.split('.');
  return `¥${whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',')}${cents === undefined ? '' : `.${cents}`}`;
}

/** The two largest units: nobody weighs the seconds of a stay of days. */
function formatDuration(seconds: number): Label {
  const units = [
    { size: 86_400, name: label(' 天', ' d') },
    { size: 3_600, name: label(' 小时', ' h') },
    { size: 60, name: label(' 分钟', ' min') },
    { size: 1, name: label(' 秒', ' s') },
  ] as const;
  const first = units.findIndex(({ size }) => seconds >= size);
  if (first < 0) return label('0 秒', '0 s');
  const parts = units.slice(first, first + 2).flatMap(({ size, name }, place) => {
    const count = Math.floor((place === 0 ? seconds : seconds % (units[first]?.size ?? 1)) / size);
    return count === 0 ? [] : [label(`${count}${name.zh}`, `${count}${name.en}`)];
  });
  return label(parts.map((p) => p.zh).join(' '), parts.map((p) => p.en).join(' '));
}

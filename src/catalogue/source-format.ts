import type { Label } from './label.ts';

/**
 * 信息资源格式: the form in which a provider keeps a data set, the values of `SourceFormat` in the SDL. The first six are
 * those of 政务信息资源目录编制指南 (发改高技〔2017〕1272号); the last is for a source that is itself an interface.
 */
export const sourceFormats = {
  DATABASE: { zh: '数据库', en: 'database' },
  SPREADSHEET: { zh: '电子表格', en: 'spreadsheet' },
  DOCUMENT: { zh: '电子文件', en: 'document' },
  IMAGE: { zh: '图形图像', en: 'image' },
  STREAM: { zh: '流媒体', en: 'streaming media' },
  SELF_DESCRIBED: { zh: '自描述格式', en: 'self-described format' },
  SERVICE: { zh: '服务接口', en: 'service interface' },
} as const satisfies Readonly<Record<string, Label>>;

export type SourceFormat = keyof typeof sourceFormats;

export function isSourceFormat(text: string): text is SourceFormat {
  return Object.hasOwn(sourceFormats, text);
}

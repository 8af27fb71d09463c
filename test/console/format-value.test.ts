import { expect, test } from 'vitest';
import { formatValue } from '../../src/console/app/console/format-value.ts';
import type { Format } from '../../src/console/app/console/shape.ts';

test.each<[unknown, Format, string, string]>([
  [null, 'text', '', ''],
  ['林**', 'text', '林**', '林**'],
  [['住房保障', '物业管理'], 'path', '住房保障 › 物业管理', '住房保障 › 物业管理'],
  [600, 'text', '600', '600'],
  ['2026-11-05T10:12:30+08:00', 'time', '2026-11-05 10:12:30', '2026-11-05 10:12:30'],
  ['2026-11-05T23:30:00Z', 'time', '2026-11-06 07:30:00', '2026-11-06 07:30:00'],
  ['***', 'time', '***', '***'],
  ['18234.05', 'money', '¥18,234.05', '¥18,234.05'],
  ['20000', 'money', '¥20,000', '¥20,000'],
  ['***', 'money', '***', '***'],
  [true, 'yesNo', '是', 'Yes'],
  [false, 'yesNo', '否', 'No'],
  [0.8, 'percent', '80%', '80%'],
  [0, 'duration', '0 秒', '0 s'],
  [59, 'duration', '59 秒', '59 s'],
  [5_520, 'duration', '1 小时 32 分钟', '1 h 32 min'],
  [86_400, 'duration', '1 天', '1 d'],
  [90_061, 'duration', '1 天 1 小时', '1 d 1 h'],
  ['housing', 'agency', '住建', 'Housing'],
  [['police', 'fire'], 'agency', '公安、fire', 'Police, fire'],
  ['COMPLAINT', 'ticketType', '投诉', 'Complaint'],
  ['NEW_CODE', 'ticketType', 'NEW_CODE', 'NEW_CODE'],
])('%j as %s reads %s / %s', (value, format, zh, en) => {
  expect([formatValue(value, format, 'zh'), formatValue(value, format, 'en')]).toEqual([zh, en]);
});

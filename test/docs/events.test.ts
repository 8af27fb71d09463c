import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { z } from 'zod';
import { loadConfig } from '../../src/config/config.ts';
import { redisSettings } from '../../src/events/redis-wake.ts';
import { ticketEventKinds } from '../../src/events/ticket-event.ts';
import { deliveryFailures } from '../../src/events/webhooks/webhook-client.ts';
import { signatureOf } from '../../src/events/webhooks/signature.ts';
import { webhookSettings } from '../../src/events/webhooks/webhook-settings.ts';
import { closeCodes } from '../../src/server/socket-codes.ts';
import { block, blocks, code, languages, page, table } from './markdown.ts';

const doc = page('events');
const presets = (rows: readonly (readonly string[])[]): Record<string, unknown> =>
  Object.fromEntries(
    rows.flatMap(([key, , preset = '']) => (preset === '' ? [] : [[code(key), parse(code(preset)) as unknown]])),
  );
const keys = (shape: z.ZodObject): string[] => Object.keys(shape.shape);

describe.each(languages)('docs/events%s.md', (language) => {
  const text = page(`events${language}`);

  test('has the examples', () => {
    expect(blocks(text)).toEqual(blocks(doc));
  });

  test('lists the kinds, the failures and the codes of closing', () => {
    expect(table(text, 'kinds').map(([kind]) => code(kind))).toEqual([...ticketEventKinds]);
    expect(table(text, 'failures').map(([failure]) => code(failure))).toEqual([...deliveryFailures]);
    const closed = table(text, 'close codes').map(([number]) => Number(code(number)));
    expect(closed).toEqual(expect.arrayContaining(Object.values(closeCodes)));
  });

  test('lists the settings of a webhook and of Redis, with their defaults', () => {
    const rows = table(text, 'webhook settings');
    expect(rows.map(([key]) => code(key))).toEqual(keys(webhookSettings));
    const needed = { name: 'a', agency: 'housing', url: 'https://h.example', secret: { env: 'A' } };
    expect({ ...needed, ...presets(rows) }).toEqual(webhookSettings.parse(needed));
    expect(table(text, 'redis settings').map(([key]) => code(key))).toEqual(keys(redisSettings));
    expect(presets(table(text, 'redis settings'))).toEqual(redisSettings.parse({}));
  });
});

test('the example of webhooks is taken', () => {
  const written = parse(block(doc, 'webhooks')) as { webhooks: object[]; webhookHosts: string[] };
  const { webhooks, webhookHosts } = loadConfig({
    LIANQIAO_WEBHOOKS: JSON.stringify(written.webhooks),
    LIANQIAO_WEBHOOK_HOSTS: JSON.stringify(written.webhookHosts),
  });
  expect({ webhooks, webhookHosts }).toMatchObject(written);
});

test('the example of checking a delivery takes the right one alone', async () => {
  const source = `data:text/javascript,${encodeURIComponent(block(doc, 'verify'))}`;
  const { isGenuine } = (await import(/* @vite-ignore */ source)) as {
    isGenuine: (headers: Record<string, string>, body: string, secret: string) => boolean;
  };
  const body = JSON.stringify(JSON.parse(block(doc, 'delivery')));
  const headers = {
    'lianqiao-timestamp': '1763254800',
    'lianqiao-signature': signatureOf(1763254800, body, ['new', 'old']),
  };
  expect(['new', 'old', 'other'].map((secret) => isGenuine(headers, body, secret))).toEqual([true, true, false]);
  expect(isGenuine(headers, body.replace('HANDED', 'handed'), 'new')).toBe(false);
  expect(isGenuine({ ...headers, 'lianqiao-timestamp': '1763254801' }, body, 'new')).toBe(false);
  expect(createHmac('sha256', 'new').update(`1763254800.${body}`).digest('hex')).toBe(
    headers['lianqiao-signature'].split(',')[0]?.slice(3),
  );
});

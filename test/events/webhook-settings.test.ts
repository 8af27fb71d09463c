import { lookup } from 'node:dns/promises';
import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { openWebhookClient } from '../../src/events/webhooks/webhook-client.ts';
import { mayBeReached, webhookSettings } from '../../src/events/webhooks/webhook-settings.ts';
import { webhookReceiver } from '../kit/webhook-receiver.ts';

const hook = { name: 'housing', agency: 'housing', url: 'https://events.example.gov.cn/x', secret: { env: 'HOOK' } };
const load = (of: object, hosts: readonly string[] = ['events.example.gov.cn']): object =>
  loadConfig({ LIANQIAO_WEBHOOKS: JSON.stringify([of]), LIANQIAO_WEBHOOK_HOSTS: JSON.stringify(hosts) });

describe('a webhook is refused', () => {
  test.each([
    ['an open line', { url: 'http://events.example.gov.cn/x' }, /webhooks\.0\.url: must be https/],
    ['another host', { url: 'https://other.example.gov.cn/x' }, /other\.example\.gov\.cn is not among webhookHosts/],
    ['another port', { url: 'https://events.example.gov.cn:8443/x' }, /events\.example\.gov\.cn:8443 is not among/],
    ['credentials in the address', { url: 'https://a:b@events.example.gov.cn/x' }, /has no user/],
    ["a cloud's own address", { url: 'https://169.254.169.254/x' }, /names an address that no agency has/],
    ['no address', { url: 'ftp://events.example.gov.cn' }, /webhooks\.0\.url/],
    ['a secret that is written there', { secret: 'abc' }, /named, never written here/],
    ['an emergency', { purpose: 'EMERGENCY' }, /needs a reason/],
    ['an unknown kind', { kinds: ['TICKET_VANISHED'] }, /webhooks\.0\.kinds/],
    ['an unknown key', { uri: 'x' }, /webhooks/],
    ['no kind', { kinds: [] }, /webhooks\.0\.kinds/],
  ])('with %s', (_, change, says) => {
    expect(() => load({ ...hook, ...change })).toThrow(says);
  });

  test('under a name that another one has', () => {
    const twice = JSON.stringify([hook, hook]);
    expect(() => loadConfig({ LIANQIAO_WEBHOOKS: twice, LIANQIAO_WEBHOOK_HOSTS: '[events.example.gov.cn]' })).toThrow(
      /a name of its own/,
    );
  });

  test('where its secret is missing', () => {
    expect(() => openWebhookClient(webhookSettings.parse({ ...hook, secret: { env: 'NO_SUCH_SECRET' } }), 100)).toThrow(
      'NO_SUCH_SECRET is not set',
    );
  });
});

/** A name of this machine beside localhost, where it has one on the loopback. */
const ownName = hostname();
const own = await lookup(ownName).catch(() => null);

test.skipIf(own === null || mayBeReached(own.address))(
  'a name that leads to this machine is not followed',
  async () => {
    const receiver = await webhookReceiver();
    process.env['HOOK'] = 'secret';
    const url = receiver.url.replace('127.0.0.1', ownName);
    const client = openWebhookClient(webhookSettings.parse({ ...hook, url }), 2_000);
    const event = {
      seq: 1,
      eventId: 'e',
      kind: 'TICKET_CHANGED',
      ticketNo: '12345:1',
      agency: null,
      at: 'now',
    } as const;
    await expect(client.deliver(event)).rejects.toMatchObject({ failure: 'ADDRESS_REFUSED' });
    expect(receiver.received).toEqual([]);
    await client.close();
    await receiver.close();
  },
);

test.each([
  ['10.1.2.3', true],
  ['203.0.113.9', true],
  ['2001:db8::1', true],
  ['127.0.0.1', false],
  ['127.8.9.1', false],
  ['::1', false],
  ['::ffff:127.0.0.1', false],
  ['0.0.0.0', false],
  ['169.254.169.254', false],
  ['::ffff:169.254.169.254', false],
  ['fe80::1', false],
  ['224.0.0.1', false],
  ['ff02::1', false],
])('a name may lead to %s: %s', (ip, may) => {
  expect(mayBeReached(ip)).toBe(may);
});

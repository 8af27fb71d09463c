import { afterEach, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { longestMasked } from '../../src/gate/long-texts.ts';
import { oddServer, type OddServer } from '../kit/odd-server.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { askers, errorLines } from './askers.ts';

/* Texts as long as a source may give them hold nobody else up, and whatever is too long for one says so. */

let service: OddServer | undefined;
let hub: RunningHub | undefined;
afterEach(async () => {
  await hub?.close();
  await service?.close();
  [hub, service] = [undefined, undefined];
});

/** Milliseconds: the service and whoever asks work in this process too. All texts in one go would take over a second. */
const mostWork = 500;

const sentence = '市民来电反映楼下烧烤店夜间噪音扰民，请于2026-03-04 09:32前回电13812345678张三先生，车牌闽A12345。';
const textOf = (characters: number): string =>
  sentence.repeat(Math.ceil(characters / sentence.length)).slice(0, characters);

/** Diverted incidents of the showcase ticket's caller, each with a narrative of so many characters. */
async function incidents(count: number, characters: number): Promise<void> {
  const narrative = JSON.stringify(textOf(characters));
  const row = (i: number, digest: string): string =>
    `{"JJDBH":"JJ2026110399${String(i).padStart(7, '0')}","BJSJ":"20261103100000","BJDH_ZY":${digest},"BJRXM":null,` +
    `"BJRDZ":null,"AFDZ":null,"BZDZ":null,"SFBM":"0","FJW":"1","BJNR":${narrative}}`;
  const known = new Map<string, Buffer>();
  service = await oddServer((request, response) => {
    const asked = request.body === '' ? {} : (JSON.parse(request.body) as { bjdhZy?: readonly string[] });
    const digest = JSON.stringify(asked.bjdhZy?.[0] ?? '');
    const rows = asked.bjdhZy === undefined ? [] : Array.from({ length: count }, (_, i) => row(i, digest));
    const body = known.get(digest) ?? Buffer.from(`{"code":0,"data":{"list":[${rows.join(',')}],"next":null}}`);
    known.set(digest, body);
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  const police = { kind: 'rest', url: service.url, answerMilliseconds: 60_000 };
  hub = await startHub({ LIANQIAO_SOURCES: JSON.stringify({ police }) });
}

/**
 * The longest wait for `/livez` while the promise is under way, and what it resolved with: in milliseconds of this
 * process' own work, since a busy machine makes every answer wait.
 */
async function worstWait<T>(url: string, during: Promise<T>): Promise<{ wait: number; polls: number; answer: T }> {
  const under = { way: true };
  const settled = during.finally(() => (under.way = false));
  let [wait, polls] = [0, 0];
  let begun = process.cpuUsage();
  for (; under.way; polls += 1) {
    const alive = await fetch(`${url}/livez`);
    expect(await alive.json()).toEqual({ status: 'ok' });
    const { user, system } = process.cpuUsage(begun);
    wait = Math.max(wait, (user + system) / 1_000);
    begun = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { wait, polls, answer: await settled };
}

const query = `{ ticket(ticketNo: "${showcase.ticketNo}") {
  policeIncidents { incident { incidentNo narrative access { field status } } } } }`;

interface Read {
  readonly ticket: {
    readonly policeIncidents: readonly {
      readonly incident: {
        readonly narrative: string | null;
        readonly access: readonly { field: string; status: string }[];
      };
    }[];
  };
}

test('fifty texts at the bound are redacted while others are answered', { timeout: 60_000 }, async () => {
  await incidents(50, longestMasked);
  const { wait, polls, answer } = await worstWait(hub!.url, hub!.ask(askers.housing, query));
  const found = (answer.data as Read).ticket.policeIncidents;
  expect(found).toHaveLength(50);
  for (const { incident } of found) {
    expect(incident.narrative).toContain('[电话]');
    expect(incident.narrative).not.toContain('13812345678');
  }
  expect(polls).toBeGreaterThan(10);
  expect(wait).toBeLessThan(mostWork);
});

test('texts beyond the bound are unavailable, and cost nobody else anything', { timeout: 60_000 }, async () => {
  await incidents(30, 250_000);
  const { wait, answer } = await worstWait(hub!.url, hub!.ask(askers.housing, query));
  const found = (answer.data as Read).ticket.policeIncidents;
  expect(found).toHaveLength(30);
  for (const { incident } of found) {
    expect(incident.narrative).toBeNull();
    expect(incident.access).toContainEqual({ field: 'narrative', status: 'UNAVAILABLE' });
  }
  expect(errorLines(answer)).toEqual([
    'SOURCE_UNAVAILABLE PoliceIncident.narrative ticket.policeIncidents.*.incident.narrative',
  ]);
  expect(wait).toBeLessThan(mostWork);
});

test('who may read texts as they are stored reads them whatever their length', async () => {
  await incidents(1, longestMasked + 1);
  const { data, errors } = await hub!.ask(askers.police, query);
  expect((data as Read).ticket.policeIncidents[0]?.incident.narrative).toBe(textOf(longestMasked + 1));
  expect(errors).toEqual([]);
});

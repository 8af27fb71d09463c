import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createGuard, type SourceGuard } from '../../../src/connector/guard/create-guard.ts';
import { LastKnownGood } from '../../../src/connector/guard/last-known-good.ts';
import { pageList, provenanceOf } from '../../../src/connector/provenance.ts';
import type { SourceFault } from '../../../src/connector/source-error.ts';
import { events, forever, page, pending, rejection, scripted, settings, settled, type Page } from './guard-kit.ts';

const start = Date.parse('2026-11-23T09:00:00+08:00');
beforeEach(() => void vi.useFakeTimers({ now: start }));
afterEach(() => void vi.useRealTimers());

const keeping = settings({ lastKnownGoodSeconds: 600 });
const allowed = { lastKnownGoodSeconds: () => 600 };

const ask = (guard: SourceGuard, load: (signal: AbortSignal) => Promise<Page>, name = 'page'): Promise<Page> =>
  guard.run(page(load, name), forever());

test.each<SourceFault>(['UNREACHABLE', 'TIMEOUT', 'OVERLOADED', 'FAILED', 'MALFORMED'])(
  'the last good answer stands in for %s, and says since when it is stale',
  async (kind) => {
    const { seen, observe } = events();
    const guard = createGuard('water', keeping, { ...allowed, observe });
    const fresh = await ask(guard, scripted());
    expect(provenanceOf(fresh)).toEqual({ fetchedAt: start, staleSince: null });
    vi.advanceTimersByTime(60_000);
    const stale = await ask(guard, scripted(kind));
    expect(stale).toEqual(fresh);
    expect(provenanceOf(stale)).toEqual({ fetchedAt: start, staleSince: start + 60_000 });
    // Whoever holds the fresh one still holds a fresh one.
    expect(provenanceOf(fresh)).toEqual({ fetchedAt: start, staleSince: null });
    vi.advanceTimersByTime(60_000);
    expect(provenanceOf(await ask(guard, scripted(kind)))).toEqual({
      fetchedAt: start,
      staleSince: start + 60_000,
    });
    expect(seen).toEqual([
      { kind: 'load', outcome: 'OK' },
      { kind: 'load', outcome: kind },
      { kind: 'stale' },
      { kind: 'load', outcome: kind },
      { kind: 'stale' },
    ]);
  },
);

test('and for a source that is let alone', async () => {
  const guard = createGuard('water', { ...keeping, breakerFailures: 1 }, allowed);
  await ask(guard, scripted());
  expect(await rejection(ask(guard, scripted('FAILED'), 'another'))).toBe('FAILED');
  const load = scripted();
  expect(provenanceOf(await ask(guard, load))?.staleSince).toBe(start);
  expect(load.calls).toBe(0);
});

test.each<SourceFault>(['REFUSED'])('%s is told, whatever is kept', async (kind) => {
  const guard = createGuard('water', keeping, allowed);
  await ask(guard, scripted());
  expect(await rejection(ask(guard, scripted(kind)))).toBe(kind);
});

test('a caller that gives up gets its reason, whatever is kept', async () => {
  const guard = createGuard('water', keeping, allowed);
  await ask(guard, scripted());
  const gone = new AbortController();
  const load = guard.run(page(pending().load), gone.signal);
  await settled();
  const reason = new Error('gone');
  gone.abort(reason);
  expect(await rejection(load)).toBe(reason);
});

test('a good answer makes an end of it', async () => {
  const guard = createGuard('water', keeping, allowed);
  await ask(guard, scripted());
  await ask(guard, scripted('FAILED'));
  vi.advanceTimersByTime(1_000);
  expect(provenanceOf(await ask(guard, scripted()))).toEqual({ fetchedAt: start + 1_000, staleSince: null });
  vi.advanceTimersByTime(1_000);
  expect(provenanceOf(await ask(guard, scripted('FAILED')))).toEqual({
    fetchedAt: start + 1_000,
    staleSince: start + 2_000,
  });
});

describe('nothing stands in', () => {
  test('for a load of another name, so for no other columns', async () => {
    const guard = createGuard('water', keeping, allowed);
    await ask(guard, scripted(), 'no');
    expect(await rejection(ask(guard, scripted('FAILED'), 'no, name'))).toBe('FAILED');
  });

  test.each([
    ['the settings allow', 600, 60],
    ['the owner allows', 60, 600],
  ])('for longer than %s', async (_, owner, setting) => {
    const guard = createGuard('water', settings({ lastKnownGoodSeconds: setting }), {
      lastKnownGoodSeconds: () => owner,
    });
    await ask(guard, scripted());
    vi.advanceTimersByTime(59_000);
    await ask(guard, scripted('FAILED'));
    vi.advanceTimersByTime(2_000);
    expect(await rejection(ask(guard, scripted('FAILED')))).toBe('FAILED');
  });

  test.each([
    ['the owner', 600, 0],
    ['the settings', 0, 600],
  ])('without %s', async (_, setting, owner) => {
    const guard = createGuard('water', settings({ lastKnownGoodSeconds: setting }), {
      lastKnownGoodSeconds: () => owner,
    });
    await ask(guard, scripted());
    expect(await rejection(ask(guard, scripted('FAILED')))).toBe('FAILED');
  });

  test('once the owner allows less', async () => {
    let seconds = 600;
    const guard = createGuard('water', keeping, { lastKnownGoodSeconds: () => seconds });
    await ask(guard, scripted());
    vi.advanceTimersByTime(30_000);
    seconds = 10;
    expect(await rejection(ask(guard, scripted('FAILED')))).toBe('FAILED');
  });

  test('once it is forgotten, nor what was asked for before that', async () => {
    const guard = createGuard('water', keeping, allowed);
    await ask(guard, scripted(), 'a');
    const late = pending();
    const running = ask(guard, late.load, 'b');
    await settled();
    guard.forget();
    late.answer();
    await running;
    expect(await rejection(ask(guard, scripted('FAILED'), 'a'))).toBe('FAILED');
    expect(await rejection(ask(guard, scripted('FAILED'), 'b'))).toBe('FAILED');
  });

  test('for counts, which could not say that they are stale', async () => {
    const guard = createGuard('water', keeping, allowed);
    const count = (load: () => Promise<number>) =>
      guard.run({ name: { hint: 'count', exact: () => 'count' }, records: null, load }, forever());
    expect(await count(async () => 3)).toBe(3);
    expect(await rejection(count(async () => (await scripted('FAILED')()).length))).toBe('FAILED');
  });
});

describe('memory is bounded', () => {
  const records = (text: string): Page => [{ no: text }];

  test('by entries: the one that was longest not asked for goes', () => {
    const kept = new LastKnownGood({ entries: 2, bytes: 1_000_000 });
    for (const name of ['a', 'b']) kept.keep(name, records(name), 1_000, kept.generation);
    kept.standIn('a', pageList, 1_000);
    kept.keep('c', records('c'), 1_000, kept.generation);
    expect(['a', 'b', 'c'].map((name) => kept.standIn(name, pageList, 1_000) !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('by bytes, roughly; one answer that is larger than all is not kept', () => {
    const kept = new LastKnownGood({ entries: 100, bytes: 10_000 });
    for (const name of ['a', 'b', 'c']) kept.keep(name, records('x'.repeat(2_000)), 1_000, kept.generation);
    kept.keep('d', records('x'.repeat(20_000)), 1_000, kept.generation);
    expect(['a', 'b', 'c', 'd'].map((name) => kept.standIn(name, pageList, 1_000) !== undefined)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('by age: what is too old goes by itself, though nobody asks', () => {
    const kept = new LastKnownGood();
    kept.keep('a', records('a'), 30_000, kept.generation);
    vi.advanceTimersByTime(10_000);
    kept.keep('b', records('b'), 300_000, kept.generation);
    expect(kept.size).toBe(2);
    vi.advanceTimersByTime(80_000);
    expect(kept.size).toBe(1);
    vi.advanceTimersByTime(400_000);
    expect(kept.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

import { loadConfig } from '../config/config.ts';
import { givesRecords, realChecks, realFinding, sampleOf, type RealEntity } from '../connector/check/check-real.ts';
import type { CheckResult } from '../connector/check/check-connector.ts';
import { needsOf } from '../connector/check/needs.ts';
import { nameOf } from '../connector/check/stand.ts';
import type { Connector, SourceRecord } from '../connector/connector.ts';
import { openConnector } from '../connector/open-connector.ts';
import { sqliteFile } from '../connector/sql/sqlite-file.ts';

interface RealOptions {
  readonly env: NodeJS.ProcessEnv;
  /** `TYPE=KEY` of records that are there. */
  readonly keys: readonly string[];
  readonly only: readonly string[];
  readonly onResult: (result: CheckResult) => void;
  readonly wrong: (message: string) => never;
}

/** Looks at the sources that the configuration names, by reads alone that change nothing and ask for little. */
export async function checkRealConnector(connector: Connector, options: RealOptions): Promise<readonly CheckResult[]> {
  const { env, only, onResult, wrong } = options;
  const names = ['reachable', 'gives-records', ...realChecks.map((c) => c.name)];
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) wrong(`with --real there is no check ${unknown}; there are ${names.join(', ')}`);
  const keys = keysOf(connector, options.keys, wrong);
  const config = loadConfig(env);
  const settingsOf = (source: string) => config.sources[source] ?? sqliteFile(source);
  const open = openConnector(connector, { dataDir: config.dataDir, keyChunk: config.keyChunk, settings: settingsOf });
  const results: CheckResult[] = [];
  const put = (result: CheckResult): void => {
    results.push(result);
    onResult(result);
  };
  try {
    for (const { name: source, entities } of connector.sources) {
      const { kind, answerMilliseconds } = settingsOf(source);
      const timed = async (
        check: string,
        run: () => Promise<Pick<CheckResult, 'result' | 'seen'> & { problems?: readonly string[] }>,
      ): Promise<void> => {
        if (only.length > 0 && !only.includes(check.split(' ')[0] ?? '')) return;
        const begun = performance.now();
        const { result, seen, problems = [] } = await run();
        const seconds = Math.round((performance.now() - begun) / 10) / 100;
        put({ check, source, kind, result, seconds, seen, problems });
      };
      await timed('reachable', async () => {
        try {
          await open.health.get(source)?.reach(AbortSignal.timeout(answerMilliseconds));
          return { result: 'passed', seen: 'it answers' };
        } catch (error) {
          return { result: 'failed', seen: 'it does not answer', problems: [nameOf(error)] };
        }
      });
      const reals = entities.flatMap((entity): RealEntity[] => {
        const of = open.sources.get(entity.type);
        const joins = needsOf(connector, entity.type, entity.key).keys.filter((field) => field !== entity.key);
        return of === undefined ? [] : [{ entity, source: of, joins, keys: keys.get(entity.type) ?? [] }];
      });
      const samples: (readonly SourceRecord[] | Error)[] = [];
      for (const real of reals)
        samples.push(await sampleOf(real, AbortSignal.timeout(answerMilliseconds)).catch((error: Error) => error));
      const known = samples.map((sample) => (sample instanceof Error ? null : sample));
      for (const [i, real] of reals.entries()) {
        const { entity } = real;
        const sample = samples[i] ?? [];
        await timed('gives-records', async () => {
          if (!(sample instanceof Error)) return givesRecords(real, sample, known);
          return { result: 'failed', seen: `${entity.type}: no sample`, problems: [nameOf(sample)] };
        });
        if (sample instanceof Error) continue;
        for (const check of realChecks)
          await timed(check.name, async () => {
            // Several calls stand behind some of these.
            const finding = await realFinding(check, real, sample, answerMilliseconds * 10);
            return { ...finding, seen: `${entity.type}: ${finding.seen}` };
          });
      }
    }
  } finally {
    await open.close();
  }
  return results;
}

function keysOf(
  connector: Connector,
  given: readonly string[],
  wrong: (message: string) => never,
): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>();
  for (const one of given) {
    const [, type = '', key = ''] = /^([A-Za-z]\w*)=(.+)$/s.exec(one) ?? [];
    if (!connector.entities.some((e) => e.type === type))
      wrong(`--key ${one}: write TYPE=KEY, with a type of ${connector.agency}`);
    keys.set(type, [...(keys.get(type) ?? []), key]);
  }
  return keys;
}

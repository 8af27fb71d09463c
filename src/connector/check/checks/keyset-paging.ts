import type { EntitySource, SortKey, SourceRecord } from '../../connector.ts';
import type { BenchEntity } from '../bench.ts';
import { notApplicable, Problems, type Check } from '../check.ts';
import { recordProblems } from '../compare.ts';
import { pageLoad, totalOrder } from '../loads.ts';
import type { Stand } from '../stand.ts';

/** Records of one page. */
const limit = 7;

/** Page by page, each after the last record of the one before, all records come once, in order. */
export const keysetPaging: Check = {
  name: 'keyset-paging',
  async run(bench) {
    const problems = new Problems();
    const stand = await bench.shared();
    let walks = 0;
    for (const of of bench.entities.filter((e) => e.pages))
      for (const order of ordersOf(of)) {
        const what = `pages of ${of.type} by ${order.map((o) => `${o.field} ${o.direction}`).join(', ')}`;
        const fields = [...new Set([of.entity.key, ...order.map((o) => o.field)])];
        const expected = await stand
          .reference(of.type)
          .loadPage(pageLoad(of, { order, fields, signal: AbortSignal.timeout(60_000) }));
        const got = await walk(stand, stand.source(of.type), of, order, fields, expected.length, what);
        problems.add(...recordProblems(what, expected, got));
        walks += 1;
      }
    if (walks === 0) return notApplicable('no record type is paged through');
    return problems.finding(`${walks} lists, page by page`);
  },
};

async function walk(
  stand: Stand,
  source: EntitySource,
  of: BenchEntity,
  order: readonly SortKey[],
  fields: readonly string[],
  all: number,
  what: string,
): Promise<SourceRecord[]> {
  const got: SourceRecord[] = [];
  let after: readonly string[] | undefined;
  // Two pages more than there are: pages that never end are seen, not followed.
  for (let page = 0; page < Math.ceil(all / limit) + 2; page++) {
    const position = after === undefined ? {} : { after };
    const records = await stand.ask(what, (signal) =>
      source.loadPage(pageLoad(of, { order, fields, limit, signal, ...position })),
    );
    got.push(...records);
    const last = records.at(-1);
    if (records.length < limit || last === undefined) break;
    after = order.map(({ field }) => String(last[field]));
  }
  return got;
}

/** The record type's own order and those that a page's caller may choose, each both ways. */
function ordersOf(of: BenchEntity): (readonly SortKey[])[] {
  const chosen = of.orders
    // The kit's rows have nulls in other fields, which have no place in a keyset.
    .filter((field) => of.entity.order.some((o) => o.field === field))
    .flatMap((field) => [totalOrder(of, { field, direction: 'ASC' }), totalOrder(of, { field, direction: 'DESC' })]);
  return [totalOrder(of), ...chosen];
}

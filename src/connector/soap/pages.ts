import { isLastPage } from '../rows/last-page.ts';
import { malformed } from '../rows/malformed.ts';
import { Progress } from '../rows/progress.ts';
import type { SoapCall } from './declaration.ts';
import { putAt, type Elements } from './message.ts';
import { rowsAt, textAt, type Typed } from './read-rows.ts';

interface Paged {
  readonly agency: string;
  readonly call: SoapCall;
  readonly message: Elements;
  /** Rows that are wanted, where that is known. */
  readonly wanted: number;
  /** The response to a message. */
  readonly ask: (message: Elements) => Promise<Typed>;
}

/** The rows of one page after the other, until the service says that there is no more. Pages that come round again are refused. */
export async function* pagesOf({ agency, call, message, wanted, ask }: Paged): AsyncGenerator<readonly Typed[]> {
  const { paging, rows: path } = call;
  if (paging.kind === 'none') {
    yield rowsAt(await ask(message), path);
    return;
  }
  const progress = new Progress(agency);
  const size = Math.max(1, Math.min(paging.most, wanted));
  putAt(message, paging.size, size);
  for (let number = 0, read = 0; ; number += 1) {
    putAt(message, paging.page, paging.first + number);
    const response = await ask(message);
    const rows = rowsAt(response, path);
    progress.page(rows.map((row) => row.element));
    if (rows.length > size) throw malformed(agency, 'holds more rows than a page may have');
    yield rows;
    read += rows.length;
    const total = paging.total === undefined ? {} : { total: { said: textAt(response, paging.total) } };
    if (isLastPage(agency, { rows: rows.length, size, read, ...total })) return;
  }
}

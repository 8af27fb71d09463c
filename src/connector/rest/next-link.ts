import type { HttpCall } from '../http/http-client.ts';
import { malformed } from '../rows/malformed.ts';

/**
 * The call that a `Link` header with `rel="next"` stands for (RFC 8288); null where there is none. `asked` is the address of
 * the page that it came with, `base` the source's: a link that leads elsewhere is refused, since our credentials would go along.
 */
export function nextLink(
  agency: string,
  header: string | null,
  asked: URL,
  base: URL,
): Omit<HttpCall, 'signal'> | null {
  const target = nextTarget(header ?? '');
  if (target === null) return null;
  const next = URL.canParse(target, asked.href) ? new URL(target, asked) : null;
  const root = base.pathname.replace(/\/$/, '');
  if (next === null || next.origin !== base.origin || !next.pathname.startsWith(`${root}/`))
    throw malformed(agency, 'names a next page on another service');
  return { method: 'GET', path: next.pathname.slice(root.length), query: next.searchParams };
}

/** One link: its target, and its parameters up to the comma before the next one. */
const link = /<([^>]*)>((?:\s*;\s*[^\s=;,"]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]+))?)*)/g;
/** One parameter of a link. A quoted value may hold commas, and what looks like another parameter. */
const parameter = /;\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]+)))?/g;

function nextTarget(header: string): string | null {
  for (const [, target = '', parameters = ''] of header.matchAll(link)) {
    // Of several `rel` the first counts; it can name several relations: `rel="next last"`.
    const rel = [...parameters.matchAll(parameter)].find(([, name]) => name?.toLowerCase() === 'rel');
    const relations = (rel?.[2] ?? rel?.[3] ?? '').toLowerCase().split(/\s+/);
    if (relations.includes('next')) return target;
  }
  return null;
}

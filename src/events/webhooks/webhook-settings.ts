import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { address, tlsSettings } from '../../connector/settings/http-settings.ts';
import { secretRef } from '../../connector/settings/secret.ts';
import { agencyCode } from '../../identity/claims.ts';
import { isDivisionCode } from '../../codes/division.ts';
import { purposes } from '../../identity/principal.ts';
import { ticketEventKinds } from '../ticket-event.ts';

/** An endpoint of an agency that is told of events. */
export const webhookSettings = z.strictObject({
  /** Its name in commands, metrics and the ledger. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be small letters, digits and hyphens, a letter first'),
  /** Whose it is: it is told what the SYSTEM of this agency may be given. */
  agency: agencyCode,
  url: address,
  /** What bodies are signed with. */
  secret: secretRef,
  /** The secret before, while it is being changed: bodies are signed with both. */
  previousSecret: secretRef.optional(),
  tls: tlsSettings.optional(),
  kinds: z
    .array(z.enum(ticketEventKinds))
    .min(1)
    .default([...ticketEventKinds]),
  /** What it is told for. */
  purpose: z.enum(purposes).default('HANDLING'),
  /** The handling unit (经办机构) that it stands for: without one it is told nothing of reports (举报). */
  unit: z.string().min(1).max(64).optional(),
  /** Division codes of the areas that it stands for. */
  areas: z.array(z.string().refine(isDivisionCode, 'must be a division code of 6, 9 or 12 digits')).default([]),
});

export type WebhookSettings = z.infer<typeof webhookSettings>;

/** Which of an endpoint's settings is wrong, and why; null where none is. `hosts` are those that events may be sent to. */
export function webhookProblem(
  { url, purpose }: Pick<WebhookSettings, 'url' | 'purpose'>,
  hosts: readonly string[],
): { readonly key: 'url' | 'purpose'; readonly message: string } | null {
  if (purpose === 'EMERGENCY')
    return { key: 'purpose', message: 'an emergency needs a reason, which an endpoint has not; name another purpose' };
  const { protocol, hostname, host } = new URL(url);
  if (protocol !== 'https:' && !isLoopbackHost(hostname))
    return { key: 'url', message: 'must be https; http is for this machine alone' };
  if (isIP(bare(hostname)) !== 0 && !isLoopbackHost(hostname) && !mayBeReached(bare(hostname)))
    return { key: 'url', message: 'names an address that no agency has' };
  if (!hosts.includes(host))
    return {
      key: 'url',
      message: `its host ${host} is not among webhookHosts; add it there, with its port where it has one`,
    };
  return null;
}

/** A host that is this machine by its name or number. */
export function isLoopbackHost(hostname: string): boolean {
  const host = bare(hostname);
  return host === 'localhost' || (isIP(host) !== 0 && own.check(host, familyOf(host)));
}

/** Whether a name may lead to this address: not to this machine itself, nor to what only its network's own services have. */
export function mayBeReached(ip: string): boolean {
  return !own.check(ip, familyOf(ip)) && !special.check(ip, familyOf(ip));
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function familyOf(ip: string): 'ipv4' | 'ipv6' {
  return isIP(ip) === 6 ? 'ipv6' : 'ipv4';
}

const own = new BlockList();
own.addSubnet('127.0.0.0', 8, 'ipv4');
own.addAddress('::1', 'ipv6');

/** Unspecified, link-local (where clouds keep their machines' credentials) and multicast: RFC 6890. */
const special = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  special.addSubnet(net, prefix, 'ipv6');

import { Redis } from 'ioredis';
import { z } from 'zod';
import { whole } from '../connector/settings/common.ts';
import { tlsSettings } from '../connector/settings/http-settings.ts';
import { readSecret, secretRef } from '../connector/settings/secret.ts';
import { localWake, type Wake } from './wake.ts';

/** The Redis by which the instances of one hub wake each other. Nothing but the call itself goes through it. */
export const redisSettings = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: whole(1, 65_535, 6_379),
  user: z.string().min(1).optional(),
  password: secretRef.optional(),
  tls: tlsSettings.optional(),
  /** Hubs that share a Redis need one each. */
  channel: z.string().min(1).max(128).default('lianqiao:events'),
});

export type RedisSettings = z.infer<typeof redisSettings>;

/** Milliseconds between two tries to reach a Redis that is away, at most. */
const longestRetry = 5_000;

/**
 * Wakes this instance at once and the others through Redis. While that is away they wait for their next look. Throws
 * `SecretError`. `onState` is told when it goes and when it comes back.
 */
export function redisWake(
  { host, port, user, password, tls, channel }: RedisSettings,
  onState: (reached: boolean) => void,
): Wake {
  const local = localWake();
  const options = {
    host,
    port,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password: readSecret(password) }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(tls.ca === undefined ? {} : { ca: readSecret(tls.ca) }),
            ...(tls.cert === undefined ? {} : { cert: readSecret(tls.cert) }),
            ...(tls.key === undefined ? {} : { key: readSecret(tls.key) }),
            ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
          },
        }),
    // A call that cannot be made now is of no use later.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times: number) => Math.min(times * 100, longestRetry),
  };
  const callers = new Redis(options);
  const listeners = new Redis(options);
  let reached = true;
  const tell = (now: boolean): void => {
    if (now !== reached) onState(now);
    reached = now;
  };
  for (const redis of [callers, listeners]) redis.on('error', () => tell(false));
  listeners.on('ready', () => {
    tell(true);
    listeners.subscribe(channel).then(
      // What was called while nobody listened is looked for now.
      () => local.call(),
      () => tell(false),
    );
  });
  listeners.on('message', () => local.call());
  return {
    call() {
      local.call();
      if (callers.status === 'ready') callers.publish(channel, '1').catch(() => tell(false));
    },
    listen: (listen) => local.listen(listen),
    async close() {
      callers.disconnect();
      listeners.disconnect();
      await local.close();
    },
  };
}

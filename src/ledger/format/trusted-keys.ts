import { z } from 'zod';
import type { LedgerTime } from './ledger-time.ts';
import { agency, algorithm, keyId, logId, time } from './shapes.ts';
import { isPublicKey, keyIdOf } from './signature.ts';

const parts = {
  id: keyId,
  alg: algorithm,
  public: z.string(),
  from: time,
  until: time.nullable(),
};

const trustedKey = z
  .discriminatedUnion('use', [
    z.strictObject({ use: z.literal('log'), log: logId, ...parts }),
    z.strictObject({ use: z.literal('witness'), agency, ...parts }),
  ])
  .refine((key) => isPublicKey(key.alg, key.public), { message: 'must be a public key', path: ['public'] })
  .refine((key) => key.id === keyIdOf(key.alg, key.public), { message: 'is not the id of this key', path: ['id'] })
  .refine((key) => key.until === null || key.from < key.until, { message: 'must be after `from`', path: ['until'] });

const trustedKeysFile = z
  .strictObject({ v: z.literal(1), keys: z.array(trustedKey).max(10_000) })
  .refine(({ keys }) => areApart(keys), 'has a key twice');

/** A key that the verifier trusts: of one log's writer, or of one agency's witness; from `from`, and before `until`. */
export type TrustedKey = z.output<typeof trustedKey>;

/** One key may be of several logs, which all name it; a witness's is nothing else. */
function areApart(keys: readonly TrustedKey[]): boolean {
  const ofLogs = keys.filter((key) => key.use === 'log');
  const ofWitnesses = keys.filter((key) => key.use === 'witness');
  const logKeys = new Set(ofLogs.map(({ id }) => id));
  return (
    new Set(ofLogs.map(({ log, id }) => `${log} ${id}`)).size === ofLogs.length &&
    new Set(ofWitnesses.map(({ id }) => id)).size === ofWitnesses.length &&
    !ofWitnesses.some(({ id }) => logKeys.has(id))
  );
}

/** Whether a signature of this time can be the key's. */
export function isValidAt(
  key: { readonly from: LedgerTime; readonly until: LedgerTime | null },
  at: LedgerTime,
): boolean {
  return key.from <= at && (key.until === null || at < key.until);
}

/** The keys of a trusted key file. Error that says what is wrong and where, without any value. */
export function readTrustedKeys(text: string): readonly TrustedKey[] {
  const parsed = trustedKeysFile.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data.keys;
  const [issue] = parsed.error.issues;
  throw new SyntaxError(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is wrong'}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError('the file is no JSON');
  }
}

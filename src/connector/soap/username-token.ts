import { WSSecurity } from 'soap';
import { readSecret, type SecretRef } from '../settings/secret.ts';
import type { SoapSettings } from '../settings/source-settings.ts';
import { SourceError } from '../source-error.ts';
import type { HeldValues } from './held-values.ts';
import { isSayable } from './xml-text.ts';

/** The UsernameToken of one call: its nonce is new each time, and so is a password that was changed. Null where the service takes none. */
export function usernameToken(agency: string, auth: SoapSettings['auth'], values: HeldValues): WSSecurity | null {
  if (auth.scheme !== 'usernameToken') return null;
  const password = passwordOf(agency, auth.password);
  const isDigest = auth.form === 'digest';
  if (!isSayable(auth.user) || (!isDigest && !isSayable(password)))
    throw new SourceError(agency, `the credentials for the ${agency} source hold what XML cannot say`, {
      fault: 'REFUSED',
    });
  return new WSSecurity(values.hold(auth.user), isDigest ? password : values.hold(password), {
    passwordType: isDigest ? 'PasswordDigest' : 'PasswordText',
    hasNonce: true,
    hasTimeStamp: true,
    hasTokenCreated: true,
  });
}

function passwordOf(agency: string, secret: SecretRef): string {
  try {
    return readSecret(secret);
  } catch (error) {
    throw new SourceError(agency, `the credentials for the ${agency} source cannot be read`, {
      cause: error,
      fault: 'REFUSED',
    });
  }
}

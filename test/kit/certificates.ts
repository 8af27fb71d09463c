import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Files in PEM: an authority, the certificate that it gave a server, and one that it gave a client. */
export interface Certificates {
  readonly ca: string;
  /** An authority that nobody was certified by. */
  readonly otherCa: string;
  readonly cert: string;
  readonly key: string;
  readonly clientCert: string;
  readonly clientKey: string;
}

/** Makes them with openssl, valid for a day. `serverName` is the only name of the server's, `client` the client's. */
export function makeCertificates(folder: string, serverName: string, client: string): Certificates {
  const path = (name: string): string => join(folder, name);
  const make = (name: string, subject: string, ...more: string[]): void => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', path(`${name}.key`)];
    const common = ['-days', '1', '-subj', `/CN=${subject}`, '-out', path(`${name}.pem`)];
    execFileSync('/usr/bin/openssl', ['req', '-x509', ...key, ...common, ...more], { stdio: 'pipe' });
  };
  make('ca', 'agency authority');
  make('other', 'another authority');
  const signed = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-addext', 'basicConstraints=critical,CA:FALSE'];
  make('server', serverName, ...signed, '-addext', `subjectAltName=DNS:${serverName}`);
  make('client', client, ...signed);
  return {
    ca: path('ca.pem'),
    otherCa: path('other.pem'),
    cert: path('server.pem'),
    key: path('server.key'),
    clientCert: path('client.pem'),
    clientKey: path('client.key'),
  };
}

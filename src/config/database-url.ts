import { ConfigurationError } from '../access/problem.ts';

const name = 'LIANQIAO_DATABASE_URL';
const passwordName = 'LIANQIAO_SECRET_DATABASE_PASSWORD';

/**
 * The settings of the hotline's source, which is where tickets are kept, from `mysql://USER@HOST:PORT/DATABASE`. The password
 * stands in an own variable: whoever prints an address must not print it. Throws `ConfigurationError`, which quotes nothing.
 */
export function databaseSource(text: string, env: Readonly<Record<string, string | undefined>>): object {
  const wrong = (message: string): ConfigurationError => new ConfigurationError([{ file: name, message }]);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['mysql:', 'mariadb:'].includes(url.protocol) || url.search !== '' || url.hash !== '')
    throw wrong('expected mysql://USER@HOST:PORT/DATABASE');
  if (url.password !== '') throw wrong(`must hold no password; put it into ${passwordName}`);
  const [database = '', ...more] = url.pathname.slice(1).split('/');
  if (url.hostname === '' || url.username === '' || database === '' || more.length > 0)
    throw wrong('expected a host, a user and a database: mysql://USER@HOST:PORT/DATABASE');
  const password = env[passwordName];
  return {
    kind: 'sql',
    client: 'mysql',
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    user: decodeURIComponent(url.username),
    database: decodeURIComponent(database),
    ...(password === undefined || password === '' ? {} : { password: { env: passwordName } }),
  };
}

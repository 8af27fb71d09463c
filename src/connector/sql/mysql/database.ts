import { isIP } from 'node:net';
import type { DatabaseOpening, SqlDatabase } from '../database.ts';
import { pooledDatabase } from '../pooled-database.ts';
import { catalogueQuery, readColumn } from './catalogue.ts';
import { connectMysql, prepareMysql } from './connect.ts';
import { faultOf } from './fault.ts';
import { mysqlTerms } from './terms.ts';

/** MySQL 8.0 or later, MariaDB 10.2 or later: a limit for each key needs window functions. */
export function openMysql(opening: DatabaseOpening): SqlDatabase {
  const { settings } = opening;
  if (settings.tls !== undefined && settings.tls.serverName === undefined && isIP(settings.host ?? '') !== 0)
    throw new TypeError('a certificate is checked by name: name tls.serverName, since the host is an IP address');
  return pooledDatabase(opening, {
    client: 'mysql2',
    // The protocol counts the values of a prepared statement in 16 bits; each is compared twice, and
    // lists are padded to at most twice their length.
    mostValues: 12_000,
    connect: connectMysql,
    prepare: prepareMysql,
    catalogueQuery,
    readColumn,
    terms: mysqlTerms,
    faultOf,
  });
}

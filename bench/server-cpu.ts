import { readFileSync } from 'node:fs';
import mysql from 'mysql2/promise';
import type { Meter } from './cpu.ts';

/** Linux counts a process' time in hundredths of a second (`sysconf(_SC_CLK_TCK)`, everywhere since 2.6). */
const TICK = 10_000;

/**
 * The CPU that a MariaDB server on this machine has used, by what Linux says of its process (proc(5), `stat`): exact to a
 * hundredth of a second. Throws where its process cannot be looked at: the page is measured beside its server.
 */
export async function serverCpu(connection: mysql.ConnectionOptions): Promise<Meter> {
  const open = await mysql.createConnection(connection);
  const [rows] = await open.query<mysql.RowDataPacket[]>('SELECT @@pid_file AS pid');
  await open.end();
  const pid = Number(readFileSync(String(rows[0]?.['pid']), 'utf8'));
  const meter = (): number => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold anything, in brackets; utime and stime are the 14th and 15th field.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK;
  };
  if (!Number.isFinite(meter())) throw new Error(`process ${pid} of the database cannot be measured`);
  return meter;
}

import { Command } from 'commander';
import { brokenRule } from '../identity/claims.ts';
import { demoClaims, DemoIssuer, demoMaxTokenAgeSeconds, type DemoClaims } from '../identity/demo-issuer.ts';
import { purposes, roles } from '../identity/principal.ts';

interface TokenOptions {
  readonly agency: string;
  readonly role: string;
  readonly unit?: string;
  readonly operator?: string;
  readonly grid: readonly string[];
  readonly area: readonly string[];
  readonly purpose: readonly string[];
  readonly ttl: string;
  readonly dataDir: string;
}

/** Breaking the glass is never a default. */
const defaultPurposes = purposes.filter((purpose) => purpose !== 'EMERGENCY');

/** Claims whose option has another name. */
const optionOf: Readonly<Record<string, string>> = { areas: 'area', grids: 'grid', purposes: 'purpose' };

/**
 * `lianqiao token`: prints one token of the demo issuer, and nothing else. Exit codes: 0 printed, 1 refused (there is
 * no demo issuer here), 2 used wrongly; the one line on stderr says why.
 */
export function tokenCommand(): Command {
  return new Command('token')
    .description('Print one token of the demo issuer (loopback only, without LIANQIAO_CONFIG)')
    .requiredOption('--agency <code>', 'agency that the caller belongs to: hotline, police, grid, …')
    .requiredOption('--role <role>', `one of ${roles.join(', ')}`)
    .option('--unit <unit>', 'handling unit inside the agency (经办机构)')
    .option('--operator <operator>', 'officer or application behind a SYSTEM token')
    .option('--grid <code>', 'grid of the caller; repeat for more', collect, [])
    .option('--area <code>', 'division code of 6, 9 or 12 digits; repeat for more', collect, [])
    .option(
      '--purpose <purpose>',
      'purpose that may be named; repeat for more (default: all but EMERGENCY)',
      collect,
      [],
    )
    .option('--ttl <seconds>', `life of the token, 1 to ${demoMaxTokenAgeSeconds} seconds`, '3600')
    .option('--data-dir <folder>', "the hub's data folder", process.env['LIANQIAO_DATA_DIR'] ?? 'data')
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2))
    .action(printToken);
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function printToken(options: TokenOptions, command: Command): Promise<void> {
  const claims = claimsOf(options, command);
  const ttl = Number(/^\d{1,5}$/.test(options.ttl) ? options.ttl : 0);
  if (ttl < 1 || ttl > demoMaxTokenAgeSeconds) {
    command.error(`error: --ttl must be a whole number of seconds from 1 to ${demoMaxTokenAgeSeconds}`);
  }
  try {
    const issuer = new DemoIssuer({
      dataDir: options.dataDir,
      host: process.env['HOST'] ?? '127.0.0.1',
      configured: (process.env['LIANQIAO_CONFIG'] ?? '') !== '',
    });
    process.stdout.write(`${await issuer.issue(claims, ttl)}\n`);
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : 'unknown failure'}\n`);
    process.exitCode = 1;
  }
}

function claimsOf(options: TokenOptions, command: Command): DemoClaims {
  const parsed = demoClaims.safeParse({
    agency: options.agency,
    role: options.role,
    ...(options.unit === undefined ? {} : { unit: options.unit }),
    ...(options.operator === undefined ? {} : { operator: options.operator }),
    areas: options.area,
    grids: options.grid,
    purposes: options.purpose.length === 0 ? defaultPurposes : options.purpose,
  });
  if (parsed.success) return parsed.data;
  const { claim, rule } = brokenRule(parsed.error);
  return command.error(`error: --${optionOf[claim] ?? claim} ${rule}`);
}

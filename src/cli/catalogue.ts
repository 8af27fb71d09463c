import { Command, InvalidArgumentError, Option, type CommanderError } from 'commander';
import { writeFileSync } from 'node:fs';
import { ConfigurationError } from '../access/problem.ts';
import { suggestion } from '../access/suggestion.ts';
import { narrow, openCatalogue, type Catalogue } from '../catalogue/catalogue.ts';
import { catalogueCsv } from '../catalogue/csv.ts';
import { catalogueDcat } from '../catalogue/dcat.ts';
import { printCatalogue } from '../catalogue/print.ts';
import { loadConfig } from '../config/config.ts';
import { loadHouse } from '../hub/house.ts';
import { projectRoot } from '../schema/project-root.ts';

interface Options {
  readonly agency?: string;
  readonly type?: string;
  readonly format: 'text' | 'json' | 'csv' | 'dcat';
  readonly json?: boolean;
  readonly bom?: boolean;
  readonly url?: string;
  readonly out?: string;
}

/** `lianqiao catalogue`: what the agencies share, without a hub. Exit codes: 0 done, 2 used wrongly. */
export function catalogueCommand(): Command {
  return new Command('catalogue')
    .description('What the agencies share: every field with provider, format, category, conditions, grade and law')
    .option('--agency <agency>', 'data of this provider only')
    .option('--type <type>', 'fields of this type only')
    .addOption(
      new Option('--format <format>', 'dcat: DCAT 3 as JSON-LD')
        .choices(['text', 'json', 'csv', 'dcat'])
        .default('text'),
    )
    .option('--json', 'the same as --format json')
    .option('--bom', 'csv with the byte order mark that Excel needs to show Chinese')
    .option('--url <url>', 'dcat: the address at which callers reach the hub (default: where it listens)', address)
    .option('--out <file>', 'write there instead of printing')
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .exitOverride(exit)
    .action((options: Options) =>
      attempt(async () => {
        if (options.bom === true && formOf(options) !== 'csv') throw new Error('--bom goes with --format csv only');
        if (options.url !== undefined && formOf(options) !== 'dcat')
          throw new Error('--url goes with --format dcat only');
        const { connectors, host, port } = loadConfig(process.env);
        const house = await loadHouse(projectRoot, connectors);
        const whole = openCatalogue(house)(house);
        const { agency, type } = options;
        const items = whole.datasets.flatMap((d) => d.items);
        if (agency !== undefined)
          known(
            'agency',
            agency,
            whole.datasets.map((d) => d.agency),
          );
        if (type !== undefined)
          known(
            'type',
            type,
            items.map((i) => i.type),
          );
        const catalogue = narrow(whole, { agency, type });
        if (catalogue.datasets.length === 0) throw new Error(`${agency ?? ''} has no fields of ${type ?? ''}`);
        const text = write(
          catalogue,
          options,
          options.url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
        );
        if (options.out === undefined) process.stdout.write(text);
        else writeFileSync(options.out, text);
      }),
    );
}

function write(catalogue: Catalogue, options: Options, url: string): string {
  switch (formOf(options)) {
    case 'text':
      return printCatalogue(catalogue);
    case 'json':
      return `${JSON.stringify(catalogue, null, 2)}\n`;
    case 'csv':
      return catalogueCsv(catalogue, { bom: options.bom === true });
    case 'dcat':
      return `${JSON.stringify(catalogueDcat(catalogue, url), null, 2)}\n`;
  }
}

function formOf({ format, json }: Options): Options['format'] {
  return json === true ? 'json' : format;
}

/** A misspelt name would find nothing, and look as if nothing were shared. */
function known(what: 'agency' | 'type', name: string, names: readonly string[]): void {
  if (!names.includes(name)) throw new Error(`there is no ${what} ${name} in the catalogue.${suggestion(name, names)}`);
}

function address(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '')
    throw new InvalidArgumentError('Write an address such as https://hub.example.gov.cn.');
  return url.href.replace(/\/+$/, '');
}

async function attempt(verb: () => Promise<void>): Promise<void> {
  try {
    await verb();
  } catch (error) {
    const message =
      error instanceof ConfigurationError
        ? error.message
        : `error: ${error instanceof Error ? error.message : 'unknown failure'}`;
    process.stderr.write(`${message}\n`);
    process.exitCode = 2;
  }
}

function exit({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : 2);
}

import { Command, Option } from 'commander';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { showcase } from '../city/showcase.ts';
import { isAgencyCode } from '../codes/agency.ts';
import { loadConfig } from '../config/config.ts';
import { scaffold } from '../scaffold/scaffold.ts';
import { takenNames } from '../scaffold/taken.ts';
import { scaffoldKinds, type ScaffoldKind } from '../scaffold/names.ts';
import { projectRoot } from '../schema/project-root.ts';
import { usageExit } from './usage-exit.ts';

interface Flags {
  readonly source: ScaffoldKind;
  readonly type?: string;
  readonly title?: string;
}

/** `lianqiao connector new NAME`: a folder that builds, starts and passes the conformance kit, to be made the agency's own. */
export function connectorNewCommand(): Command {
  return new Command('new')
    .description('Make the folder of a new connector, with its policy, samples and documentation')
    .argument('<agency>', "the agency's code, such as fire")
    .addOption(new Option('--source <kind>', 'how its system is reached').choices(scaffoldKinds).default('rest'))
    .option('--type <name>', 'its record type, such as FireEmergency')
    .option('--title <text>', 'the agency in Chinese, such as 消防救援')
    .allowExcessArguments(false)
    .exitOverride(usageExit)
    .action(async (agency: string, flags: Flags, command: Command) => {
      const folder = join(projectRoot, 'connectors', agency);
      if (isAgencyCode(agency) && existsSync(folder))
        return command.error(`error: connectors/${agency} is there already`, { exitCode: 1 });
      let files: ReadonlyMap<string, string>;
      try {
        files = scaffold({ agency, ...flags }, showcase.ticketNo, takenNames(projectRoot));
      } catch (error) {
        if (error instanceof RangeError) return command.error(`error: ${error.message}`, { exitCode: 2 });
        throw error;
      }
      mkdirSync(folder, { recursive: true });
      for (const [name, text] of files) writeFileSync(join(folder, name), await formatted(join(folder, name), text));
      process.stdout.write(`${nextSteps(agency, [...files.keys()])}\n`);
    });
}

/** As `npm run check` wants it. Where only what runs the hub is installed there is no formatter: then `npm run format` does it. */
async function formatted(file: string, text: string): Promise<string> {
  let prettier: typeof import('prettier');
  try {
    prettier = await import('prettier');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return text;
  }
  const { inferredParser } = await prettier.getFileInfo(file);
  if (inferredParser === null) return text;
  return prettier.format(text, { ...(await prettier.resolveConfig(file)), filepath: file });
}

function nextSteps(agency: string, files: readonly string[]): string {
  const connectors = [...loadConfig({}).connectors, agency].join(', ');
  return [
    ...files.map((file) => `connectors/${agency}/${file}`),
    '',
    'What comes next:',
    '  npm run format',
    '  npm run codegen                        its record types, from schema.graphql',
    '  npm run build',
    `  npx lianqiao connector check ${agency}      the conformance kit, on its simulator`,
    `  LIANQIAO_CONNECTORS='[${connectors}]' npm start`,
    '',
    'Then make it your own: docs/connectors.md',
  ].join('\n');
}

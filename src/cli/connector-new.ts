import { Command, Option } from 'commander';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { showcase } from '../city/showcase.ts';
import { loadConfig } from '../config/config.ts';
import { scaffold } from '../scaffold/scaffold.ts';
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
    .action((agency: string, flags: Flags, command: Command) => {
      const folder = join(projectRoot, 'connectors', agency);
      let files: ReadonlyMap<string, string>;
      try {
        files = scaffold({ agency, ...flags }, showcase.ticketNo);
      } catch (error) {
        if (error instanceof RangeError) return command.error(`error: ${error.message}`, { exitCode: 2 });
        throw error;
      }
      if (existsSync(folder)) return command.error(`error: connectors/${agency} is there already`, { exitCode: 1 });
      mkdirSync(folder, { recursive: true });
      for (const [name, text] of files) writeFileSync(join(folder, name), text);
      process.stdout.write(`${nextSteps(agency, [...files.keys()])}\n`);
    });
}

function nextSteps(agency: string, files: readonly string[]): string {
  const connectors = [...loadConfig({}).connectors, agency].join(', ');
  return [
    ...files.map((file) => `connectors/${agency}/${file}`),
    '',
    'What comes next:',
    '  npm run codegen                        its record types, from schema.graphql',
    '  npm run build',
    `  npx lianqiao connector check ${agency}      the conformance kit, on its simulator`,
    `  LIANQIAO_CONNECTORS='[${connectors}]' npm start`,
    '',
    'Then make it your own: docs/connectors.md',
  ].join('\n');
}

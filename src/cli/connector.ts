import { Command } from 'commander';
import { connectorCheckCommand } from './connector-check.ts';
import { connectorDigestCommand } from './connector-digest.ts';
import { connectorNewCommand } from './connector-new.ts';
import { connectorSimulateCommand } from './connector-simulate.ts';

/** `lianqiao connector`: tools for whoever writes a connector. */
export function connectorCommand(): Command {
  return new Command('connector')
    .description('Make, try and check connectors')
    .addCommand(connectorNewCommand())
    .addCommand(connectorCheckCommand())
    .addCommand(connectorSimulateCommand())
    .addCommand(connectorDigestCommand());
}

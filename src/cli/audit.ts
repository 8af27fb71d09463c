import { Command } from 'commander';
import { bundleCommand } from './audit-bundle.ts';
import { usageExit } from './usage-exit.ts';

/** `lianqiao audit`: what auditors take away from the hub. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('Evidence for auditors')
    .addCommand(bundleCommand())
    .showSuggestionAfterError(false)
    .exitOverride(usageExit);
}

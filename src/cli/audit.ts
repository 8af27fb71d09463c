import { Command } from 'commander';
import { bundleCommand } from './audit-bundle.ts';
import { exportCommand, keysCommand } from './audit-export.ts';
import { rotateKeyCommand } from './audit-rotate-key.ts';
import { verifyCommand } from './audit-verify.ts';
import { witnessCommand } from './audit-witness.ts';
import { usageExit } from './usage-exit.ts';

/** `lianqiao audit`: what auditors take away from the hub. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('Evidence for auditors')
    .addCommand(bundleCommand())
    .addCommand(exportCommand())
    .addCommand(keysCommand())
    .addCommand(rotateKeyCommand())
    .addCommand(verifyCommand())
    .addCommand(witnessCommand())
    .showSuggestionAfterError(false)
    .exitOverride(usageExit);
}

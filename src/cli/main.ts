#!/usr/bin/env node
import { Command } from 'commander';
import { auditCommand } from './audit.ts';
import { catalogueCommand } from './catalogue.ts';
import { connectorCommand } from './connector.ts';
import { eventsCommand } from './events.ts';
import { importCommand } from './import.ts';
import { policyCommand } from './policy.ts';
import { reconcileCommand } from './reconcile.ts';
import { seedCommand } from './seed.ts';
import { serveCommand } from './serve.ts';
import { tokenCommand } from './token.ts';

// Whoever reads what is printed may stop: `lianqiao policy matrix | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

await new Command('lianqiao')
  .description('联桥 Lianqiao: one ticket, five systems, every disclosure decided by its owner and recorded')
  .addCommand(serveCommand())
  .addCommand(seedCommand())
  .addCommand(importCommand())
  .addCommand(policyCommand())
  .addCommand(catalogueCommand())
  .addCommand(auditCommand())
  .addCommand(connectorCommand())
  .addCommand(eventsCommand())
  .addCommand(reconcileCommand())
  .addCommand(tokenCommand())
  .showHelpAfterError(false)
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2))
  .parseAsync();

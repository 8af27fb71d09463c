import { catalogueCommand } from '../../src/cli/catalogue.ts';
import { runCommand, type Run } from '../kit/run-command.ts';

/** Runs `lianqiao catalogue …`. */
export const catalogue = (...args: string[]): Promise<Run> => runCommand(catalogueCommand(), args);

import type { Knex } from 'knex';

const nothing = (): void => undefined;

/** Knex writes errors on the console before it throws them, drivers' messages included, which can quote values. */
export const silent: Knex.Logger = { warn: nothing, error: nothing, deprecate: nothing, debug: nothing };

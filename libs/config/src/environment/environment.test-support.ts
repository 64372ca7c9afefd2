import { expect } from '@jest/globals';
import { ConfigError } from '../errors.js';
import type { ConfigFlags } from '../types.js';
import { resolveEnvironment, type EnvironmentOptions } from './environment.js';

/** The options of a command that needs everything. */
export const ALL: EnvironmentOptions = { needs: ['database', 'backend'], cwd: '/work' };

/** Returns the lines of the message about an environment that must be refused. */
export function lines(env: Record<string, string>, flags: ConfigFlags = {}, options = ALL): string[] {
  try {
    resolveEnvironment(env, flags, options);
  } catch (error) {
    if (error instanceof ConfigError) {
      expect(error.exitCode).toBe(2);
      return error.message
        .replace('The configuration is not valid: ', '')
        .split('\n')
        .map((line) => line.trim());
    }
    throw error;
  }
  throw new Error('The environment was accepted.');
}

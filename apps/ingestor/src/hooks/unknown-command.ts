import type { Hook } from '@oclif/core';
import { unknownCommand } from '../services/unknown-command.js';

/** oclif calls this when no command has the name that was typed. */
const unknown: Hook.CommandNotFound = function ({ id, config }) {
  return Promise.reject(unknownCommand(config, id.split(':')));
};

export default unknown;

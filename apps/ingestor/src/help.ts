import { Errors, Help } from '@oclif/core';
import { unknownCommand } from './services/unknown-command.js';

/** The help of oclif, with our error for a command that does not exist. */
export default class HostHelp extends Help {
  override async showHelp(argv: string[]): Promise<void> {
    try {
      await super.showHelp(argv);
    } catch (error) {
      if (!(error instanceof Errors.CLIError)) throw error;
      const words = argv.filter((word) => !word.startsWith('-')).flatMap((word) => word.split(':'));
      throw unknownCommand(this.config, words);
    }
  }
}

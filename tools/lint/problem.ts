/** A place in a file that breaks a convention. */
export interface Problem {
  file: string;
  /** From 1. */
  line: number;
  rule: 'identifier' | 'phrase' | 'sentence' | 'audience' | 'error' | 'promise';
  message: string;
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Environment variables whose values must never be printed, and that no program started from here needs. */
const SECRET_VARIABLES = ['BACKEND_TOKEN', 'CLIENT_PASSWORD', 'DB_PASSWORD'];

const MASK = '********';

/** The text with a mask in place of each secret of this process's environment. */
export function withoutSecrets(text: string): string {
  return SECRET_VARIABLES.map((name) => process.env[name])
    .filter((value) => value !== undefined && value !== '')
    .reduce<string>((result, value) => result.replaceAll(value!, MASK), text);
}

/** This process's environment as other programs get it. */
export function environmentOfChildren(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRET_VARIABLES.includes(name)));
}
